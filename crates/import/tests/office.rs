//! What documents of office programs hold besides plain paragraphs, on files made here.

mod material;

use anjuan_import::{Format, ImportError, Imported, Options, Source, import, sheet};
use anjuan_text::{BlockKind, FurnitureReason, OffsetMap, ProblemCode, ReportText};
use material::assert_shape;
use proptest::prelude::*;
use std::fmt::Write as _;

/// An archive of parts as they are.
fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut directory = Vec::new();
    for (name, bytes) in parts {
        let at = out.len() as u32;
        let sizes =
            [(bytes.len() as u32).to_le_bytes(), (bytes.len() as u32).to_le_bytes()].concat();
        let names = [(name.len() as u16).to_le_bytes(), [0, 0]].concat();
        out.extend(b"PK\x03\x04\x14\0\0\x08\0\0\0\0\0\0\0\0\0\0");
        out.extend(&sizes);
        out.extend(&names);
        out.extend(name.as_bytes());
        out.extend(*bytes);
        directory.extend(b"PK\x01\x02\x14\0\x14\0\0\x08\0\0\0\0\0\0\0\0\0\0");
        directory.extend(&sizes);
        directory.extend(&names);
        directory.extend([0; 10]);
        directory.extend(at.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let at = out.len() as u32;
    let count = (parts.len() as u16).to_le_bytes();
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(count);
    out.extend(count);
    out.extend((directory.len() as u32).to_le_bytes());
    out.extend(at.to_le_bytes());
    out.extend([0, 0]);
    out
}

const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const TYPES: &[u8] =
    b"<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>";

/// A Word document of a body and further parts.
fn docx(body: &str, parts: &[(&str, &str)]) -> Vec<u8> {
    let document = format!(
        "<?xml version='1.0' encoding='UTF-8'?><w:document xmlns:w='{WORD}' \
         xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships' \
         xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006' \
         xmlns:v='urn:schemas-microsoft-com:vml'><w:body>{body}</w:body></w:document>"
    );
    let mut all: Vec<(&str, &[u8])> =
        vec![("[Content_Types].xml", TYPES), ("word/document.xml", document.as_bytes())];
    all.extend(parts.iter().map(|(name, text)| (*name, text.as_bytes())));
    archive(&all)
}

fn p(text: &str) -> String {
    format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
}

fn styled(style: &str, text: &str) -> String {
    format!("<w:p><w:pPr><w:pStyle w:val='{style}'/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>")
}

fn read(name: &str, bytes: &[u8]) -> Imported {
    let imported = import(Source { name, bytes }).unwrap_or_else(|e| panic!("{name}: {e}"));
    assert_shape(&imported.report, name);
    imported
}

fn lines(report: &ReportText) -> Vec<&str> {
    report.text.split('\n').collect()
}

fn kinds(report: &ReportText) -> Vec<(BlockKind, &str)> {
    let map = OffsetMap::new(&report.text);
    report.blocks.iter().map(|b| (b.kind, map.slice(b.range))).collect()
}

fn aside(report: &ReportText, reason: FurnitureReason) -> Vec<&str> {
    let of_reason = report.furniture.iter().filter(|f| f.reason == reason);
    of_reason.map(|f| f.text.as_str()).collect()
}

fn has(report: &ReportText, code: ProblemCode) -> bool {
    report.problems.iter().any(|p| p.code == code)
}

const BODY: &str = "五年来，云溪市侨联凝聚侨心、汇集侨智，各项工作迈上新台阶，取得了明显成效。";

#[test]
fn numbers_that_word_computes() {
    let level = |at: u8, form: &str, text: &str, style: &str| {
        format!(
            "<w:lvl w:ilvl='{at}'><w:start w:val='1'/><w:numFmt w:val='{form}'/>{style}<w:lvlText w:val='{text}'/></w:lvl>"
        )
    };
    let numbering = format!(
        "<w:numbering xmlns:w='{WORD}'><w:abstractNum w:abstractNumId='3'>{}{}{}</w:abstractNum>\
         <w:abstractNum w:abstractNumId='4'>{}</w:abstractNum>\
         <w:num w:numId='1'><w:abstractNumId w:val='3'/></w:num>\
         <w:num w:numId='2'><w:abstractNumId w:val='4'/></w:num>\
         <w:num w:numId='5'><w:abstractNumId w:val='3'/><w:lvlOverride w:ilvl='0'><w:startOverride w:val='1'/></w:lvlOverride></w:num></w:numbering>",
        level(0, "chineseCounting", "%1、", "<w:pStyle w:val='1'/>"),
        level(1, "chineseCounting", "（%2）", "<w:pStyle w:val='2'/>"),
        level(2, "decimal", "%3.", ""),
        level(0, "bullet", "\u{f0b7}", ""),
    );
    let styles = format!(
        "<w:styles xmlns:w='{WORD}'>\
         <w:style w:type='paragraph' w:default='1' w:styleId='a'><w:name w:val='Normal'/></w:style>\
         <w:style w:type='paragraph' w:styleId='1'><w:name w:val='heading 1'/><w:basedOn w:val='a'/><w:pPr><w:numPr><w:numId w:val='1'/></w:numPr><w:outlineLvl w:val='0'/></w:pPr></w:style>\
         <w:style w:type='paragraph' w:styleId='2'><w:name w:val='heading 2'/><w:basedOn w:val='a'/><w:pPr><w:numPr><w:ilvl w:val='1'/><w:numId w:val='1'/></w:numPr></w:pPr></w:style>\
         <w:style w:type='paragraph' w:styleId='own'><w:name w:val='机关标题'/><w:basedOn w:val='1'/></w:style></w:styles>"
    );
    let list = |num: u8, level: u8, text: &str| {
        format!(
            "<w:p><w:pPr><w:numPr><w:ilvl w:val='{level}'/><w:numId w:val='{num}'/></w:numPr></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"
        )
    };
    let body = [
        p("云溪市侨联工作报告"),
        styled("1", "工作回顾"),
        styled("2", "凝聚侨心"),
        p(BODY),
        list(1, 2, "5万人参加"),
        list(1, 2, "加强领导"),
        styled("2", "汇集侨智"),
        p(BODY),
        list(2, 0, "走访慰问侨界人士"),
        styled("own", "工作打算"),
        p(BODY),
        list(5, 0, "另起的编号"),
    ]
    .concat();
    let file = docx(&body, &[("word/numbering.xml", &numbering), ("word/styles.xml", &styles)]);
    let imported = read("a.docx", &file);
    assert_eq!(imported.format, Format::Docx);
    assert_eq!(
        lines(&imported.report),
        [
            "云溪市侨联工作报告",
            "一、工作回顾",
            "（一）凝聚侨心",
            BODY,
            "1. 5万人参加",
            "2. 加强领导",
            "（二）汇集侨智",
            BODY,
            "走访慰问侨界人士",
            "二、工作打算",
            BODY,
            "一、另起的编号",
        ]
    );
    let kinds = kinds(&imported.report);
    assert_eq!(kinds[1].0, BlockKind::Heading);
    assert_eq!(kinds[8].0, BlockKind::List);
    assert_eq!(kinds[9].0, BlockKind::Heading, "by the style it is based on");
}

#[test]
fn changes_notes_boxes_and_fields_of_word() {
    let run = |inner: &str| format!("<w:r>{inner}</w:r>");
    let notes = format!(
        "<w:footnotes xmlns:w='{WORD}'><w:footnote w:id='-1' w:type='separator'><w:p/></w:footnote>\
         <w:footnote w:id='2'><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t>按可比价格计算。</w:t></w:r></w:p></w:footnote></w:footnotes>"
    );
    let comments = format!(
        "<w:comments xmlns:w='{WORD}'><w:comment w:id='7'><w:p><w:r><w:t>请核对数字</w:t></w:r></w:p></w:comment></w:comments>"
    );
    let text_box = "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><w:txbxContent><w:p><w:r><w:t>文本框里的话</w:t></w:r></w:p></w:txbxContent></w:drawing></mc:Choice>\
        <mc:Fallback><w:pict><v:textbox><w:txbxContent><w:p><w:r><w:t>文本框里的话</w:t></w:r></w:p></w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>";
    let body = [
        p("云溪市侨联工作报告"),
        format!(
            "<w:p>{}{}{}{}{}{}</w:p>",
            run("<w:t>地区生产总值增长</w:t>"),
            "<w:del w:id='1'><w:r><w:delText>九点九</w:delText></w:r></w:del>",
            "<w:ins w:id='2'><w:r><w:t>10.5%</w:t></w:r></w:ins>",
            run("<w:footnoteReference w:id='2'/>"),
            run("<w:commentReference w:id='7'/>"),
            run("<w:t>，成效明显。</w:t>"),
        ),
        format!("<w:p>{}{text_box}{}</w:p>", run("<w:t>前半句，</w:t>"), run("<w:t>后半句。</w:t>")),
        format!(
            "<w:p>{}{}{}{}{}{}</w:p>",
            run("<w:fldChar w:fldCharType='begin'/>"),
            run("<w:instrText>REF 甲 \\h</w:instrText>"),
            run("<w:fldChar w:fldCharType='separate'/>"),
            run("<w:t>域的结果</w:t>"),
            run("<w:fldChar w:fldCharType='end'/>"),
            "<w:r><w:rPr><w:vanish/></w:rPr><w:t>藏起来的字</w:t></w:r>",
        ),
        format!(
            "<w:p>{}{}{}{}</w:p>",
            run("<w:fldChar w:fldCharType='begin'/>"),
            run("<w:instrText xml:space='preserve'> eq \\o\\ac(○,3)</w:instrText>"),
            run("<w:fldChar w:fldCharType='end'/>"),
            run("<w:sym w:font='Wingdings' w:char='F0FC'/><w:t>面积10</w:t>"),
        ) ,
        format!(
            "<w:p>{}<w:r><w:rPr><w:vertAlign w:val='superscript'/></w:rPr><w:t>4</w:t></w:r>{}</w:p>",
            run("<w:t>约10</w:t>"),
            run("<w:t>平方米</w:t>"),
        ),
        "<w:p><w:pPr><w:rPr><w:del w:id='9'/></w:rPr></w:pPr><w:r><w:t>段落标记删去，</w:t></w:r></w:p>".to_owned(),
        p("与下段相连。"),
        format!("<w:p>{}<w:r><w:ruby><w:rt><w:r><w:t>lián</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>聯</w:t></w:r></w:rubyBase></w:ruby></w:r>{}</w:p>", run("<w:t>僑</w:t>"), run("<w:t>工作。</w:t>")),
    ]
    .concat();
    let file = docx(&body, &[("word/footnotes.xml", &notes), ("word/comments.xml", &comments)]);
    let report = read("a.docx", &file).report;
    assert_eq!(
        lines(&report),
        [
            "云溪市侨联工作报告",
            "地区生产总值增长10.5%[1]，成效明显。",
            "[1] 按可比价格计算。",
            "前半句，后半句。",
            "文本框里的话",
            "域的结果",
            "③✓面积10",
            "约10⁴平方米",
            "段落标记删去，与下段相连。",
            "僑聯工作。",
        ]
    );
    assert_eq!(kinds(&report)[2].0, BlockKind::Footnote);
    assert_eq!(aside(&report, FurnitureReason::Deleted), ["九点九"]);
    assert_eq!(aside(&report, FurnitureReason::Comment), ["请核对数字"]);
    assert_eq!(aside(&report, FurnitureReason::Hidden), ["藏起来的字"]);
    assert!(has(&report, ProblemCode::TrackedChanges));
}

#[test]
fn strict_word_documents_and_tables() {
    let strict =
        |xml: String| xml.replace(WORD, "http://purl.oclc.org/ooxml/wordprocessingml/main");
    let cell = |text: &str| format!("<w:tc>{}</w:tc>", p(text));
    let row = |cells: &[&str]| {
        format!("<w:tr>{}</w:tr>", cells.iter().map(|c| cell(c)).collect::<String>())
    };
    let table = format!(
        "<w:tbl>{}{}{}</w:tbl>",
        row(&["指标", "单位", "数值"]),
        row(&["生产总值", "亿元", "1234.5"]),
        row(&["增速", "", "10.5%"]),
    );
    let page = format!("<w:tbl><w:tr><w:tc>{}{}</w:tc></w:tr></w:tbl>", p(BODY), p(BODY));
    // A table that is anchored in the line over it.
    let floating = format!(
        "<w:tbl><w:tblPr><w:tblpPr w:vertAnchor='text' w:tblpY='624'/></w:tblPr>{}{}</w:tbl>{}",
        row(&["县", "人数"]),
        row(&["甲", "12"]),
        p("各县归侨人数"),
    );
    let document = strict(format!(
        "<w:document xmlns:w='{WORD}'><w:body>{}{}{table}{page}{floating}</w:body></w:document>",
        p("云溪市侨联工作报告"),
        p(BODY),
    ));
    let file =
        archive(&[("[Content_Types].xml", TYPES), ("word/document.xml", document.as_bytes())]);
    let report = read("strict.docx", &file).report;
    let rows: Vec<&str> =
        kinds(&report).into_iter().filter(|k| k.0 == BlockKind::Table).map(|k| k.1).collect();
    assert_eq!(
        rows,
        ["指标　单位　数值", "生产总值　亿元　1234.5", "增速　　10.5%", "县　人数", "甲　12"]
    );
    assert!(report.text.ends_with("各县归侨人数\n县　人数\n甲　12"), "{}", report.text);
    assert_eq!(report.text.matches(BODY).count(), 3);
}

#[test]
fn documents_inside_documents() {
    let relations = |target: &str| {
        format!(
            "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'><Relationship Id='rId1' Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/aFChunk' Target='{target}'/></Relationships>"
        )
    };
    let body = format!("{}<w:altChunk r:id='rId1'/>", p("云溪市侨联工作报告"));
    let page = format!("<html><body><h2>一、工作回顾</h2><p>{BODY}</p></body></html>");
    let archived = format!(
        "MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n boundary=\"x\"\r\n\r\n--x\r\nContent-Type: text/html; charset=\"utf-8\"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{page}\r\n--x--\r\n"
    );
    let rtf = format!("{{\\rtf1\\ansi {}\\par}}", escaped(BODY));
    for (name, chunk) in
        [("a.html", page.as_str()), ("a.mht", &archived), ("a.rtf", &rtf), ("a.txt", BODY)]
    {
        let file = docx(
            &body,
            &[("word/_rels/document.xml.rels", &relations(name)), (&format!("word/{name}"), chunk)],
        );
        let report = read("a.docx", &file).report;
        assert!(report.text.contains(BODY), "{name}: {}", report.text);
    }
}

#[test]
fn word_documents_in_one_xml_file() {
    // Word 2003, as programs that fill in forms write it.
    let old = format!(
        "<?xml version='1.0' encoding='UTF-8'?><?mso-application progid='Word.Document'?>\
         <w:wordDocument xmlns:w='http://schemas.microsoft.com/office/word/2003/wordml' xmlns:wx='http://schemas.microsoft.com/office/word/2003/auxHint' xmlns:aml='http://schemas.microsoft.com/aml/2001/core'>\
         <w:styles><w:style w:type='paragraph' w:styleId='1'><w:name w:val='heading 1'/></w:style></w:styles>\
         <w:body><wx:sect>{}<w:p><w:pPr><w:pStyle w:val='1'/><w:listPr><w:ilvl w:val='0'/><wx:t wx:val='一、'/></w:listPr></w:pPr><w:r><w:t>工作回顾</w:t></w:r></w:p>\
         <w:p><w:r><w:t>{BODY}</w:t></w:r><w:r><w:footnote><w:p><w:r><w:t>名词解释。</w:t></w:r></w:p></w:footnote></w:r>\
         <aml:annotation w:type='Word.Deletion'><aml:content><w:r><w:delText>删去</w:delText></w:r></aml:content></aml:annotation></w:p>\
         <w:sectPr><w:hdr w:type='odd'><w:p><w:r><w:t>页眉</w:t></w:r></w:p></w:hdr></w:sectPr></wx:sect></w:body></w:wordDocument>",
        p("云溪市侨联工作报告")
    );
    let flat = format!(
        "<pkg:package xmlns:pkg='http://schemas.microsoft.com/office/2006/xmlPackage'><pkg:part pkg:name='/word/document.xml'><pkg:xmlData><w:document xmlns:w='{WORD}'><w:body>{}{}</w:body></w:document></pkg:xmlData></pkg:part>\
         <pkg:part pkg:name='/word/styles.xml'><pkg:xmlData><w:styles xmlns:w='{WORD}'><w:style w:type='paragraph' w:styleId='1'><w:name w:val='heading 1'/></w:style></w:styles></pkg:xmlData></pkg:part></pkg:package>",
        p("云溪市侨联工作报告"),
        styled("1", "一、工作回顾") + &p(BODY),
    );
    for (name, file) in [("old.doc", &old), ("flat.xml", &flat)] {
        let imported = read(name, file.as_bytes());
        assert_eq!(imported.format, Format::Docx, "{name}");
        let report = imported.report;
        assert_eq!(lines(&report)[..2], ["云溪市侨联工作报告", "一、工作回顾"], "{name}");
        assert!(report.text.contains(BODY), "{name}");
        assert_eq!(kinds(&report)[1].0, BlockKind::Heading, "{name}");
    }
    let report = read("old.doc", old.as_bytes()).report;
    assert!(report.text.ends_with("[1]\n[1] 名词解释。"), "{}", report.text);
    assert_eq!(aside(&report, FurnitureReason::Deleted), ["删去"]);
    assert_eq!(aside(&report, FurnitureReason::RunningHead), ["页眉"]);
}

fn odt(body: &str, styles: &str) -> String {
    format!(
        "<office:document xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0' \
         xmlns:text='urn:oasis:names:tc:opendocument:xmlns:text:1.0' \
         xmlns:style='urn:oasis:names:tc:opendocument:xmlns:style:1.0' \
         xmlns:table='urn:oasis:names:tc:opendocument:xmlns:table:1.0' \
         xmlns:draw='urn:oasis:names:tc:opendocument:xmlns:drawing:1.0'>\
         <office:automatic-styles>{styles}</office:automatic-styles>\
         <office:body><office:text>{body}</office:text></office:body></office:document>"
    )
}

#[test]
fn open_document_text() {
    let styles = "<text:list-style style:name='L1'>\
        <text:list-level-style-number text:level='1' style:num-format='一, 二, 三, ...' style:num-suffix='、'/>\
        <text:list-level-style-number text:level='2' style:num-format='1' style:num-suffix='.'/></text:list-style>\
        <style:style style:name='H' style:family='text'><style:text-properties text:display='none'/></style:style>";
    let body = format!(
        "<text:tracked-changes><text:changed-region text:id='c1'><text:deletion><text:p>删去的话</text:p></text:deletion></text:changed-region></text:tracked-changes>\
         <text:h text:outline-level='1'>云溪市侨联工作报告</text:h>\
         <text:list text:style-name='L1'><text:list-item><text:p>工作回顾</text:p>\
         <text:list><text:list-item><text:p>凝聚侨心</text:p></text:list-item><text:list-item><text:p>汇集侨智</text:p></text:list-item></text:list></text:list-item>\
         <text:list-item><text:p>工作打算</text:p></text:list-item></text:list>\
         <text:p>增长<text:s text:c='2'/>10.5%<text:note text:note-class='footnote'><text:note-citation>1</text:note-citation><text:note-body><text:p>按可比价格计算。</text:p></text:note-body></text:note><text:change text:change-id='c1'/>，<text:span text:style-name='H'>藏起来</text:span>成效明显。</text:p>\
         <table:table><table:table-row><table:table-cell><text:p>指标</text:p></table:table-cell><table:table-cell><text:p>数值</text:p></table:table-cell></table:table-row>\
         <table:table-row><table:table-cell><text:p>增速</text:p></table:table-cell><table:table-cell><text:p>10.5%</text:p></table:table-cell></table:table-row></table:table>\
         <text:p>前<draw:frame><draw:text-box><text:p>框里的话</text:p></draw:text-box></draw:frame>后<text:line-break/>{BODY}</text:p>"
    );
    let flat = odt(&body, styles);
    let content = flat.replace("office:document", "office:document-content");
    let archived = archive(&[
        ("mimetype", b"application/vnd.oasis.opendocument.text"),
        ("content.xml", content.as_bytes()),
    ]);
    for (name, bytes) in [("a.fodt", flat.as_bytes()), ("a.odt", &archived)] {
        let imported = read(name, bytes);
        assert_eq!(imported.format, Format::Odt);
        let report = imported.report;
        assert_eq!(
            lines(&report),
            [
                "云溪市侨联工作报告",
                "一、工作回顾",
                "1. 凝聚侨心",
                "2. 汇集侨智",
                "二、工作打算",
                "增长  10.5%[1]，成效明显。",
                "[1] 按可比价格计算。",
                "指标　数值",
                "增速　10.5%",
                "前后",
                BODY,
                "框里的话",
            ],
            "{name}"
        );
        assert_eq!(aside(&report, FurnitureReason::Deleted), ["删去的话"]);
        assert_eq!(aside(&report, FurnitureReason::Hidden), ["藏起来"]);
    }
}

#[test]
fn rich_text_in_its_code_pages() {
    let hex = |bytes: &[u8]| {
        bytes.iter().fold(String::new(), |mut out, b| {
            let _ = write!(out, "\\'{b:02x}");
            out
        })
    };
    let gbk = |text: &str| hex(&encoding_rs::GBK.encode(text).0);
    let big5 = |text: &str| hex(&encoding_rs::BIG5.encode(text).0);
    let file = format!(
        "{{\\rtf1\\ansi\\ansicpg936\\deff0{{\\fonttbl{{\\f0\\fnil\\fcharset134 {};}}{{\\f1\\fnil\\fcharset136 PMingLiU;}}{{\\f2\\fnil\\fcharset2 Symbol;}}}}\
         {{\\stylesheet{{\\s0 Normal;}}{{\\s1\\outlinelevel0 heading 1;}}{{\\*\\cs10 Default;}}}}\
         {{\\info{{\\title x}}{{\\author y}}}}{{\\*\\generator z;}}{{\\header\\pard {}\\par}}\
         \\pard\\f0 {}\\par\
         \\pard\\s1 {{\\listtext {}\\tab}}{}\\par\
         \\pard\\plain {{\\f1 {}}}{{\\f2 \\'a3}}10{{\\v {}}}{{\\deleted {}}}{{\\field{{\\*\\fldinst HYPERLINK x}}{{\\fldrslt {}}}}}\
         {{\\super\\chftn}}{{\\footnote\\pard {{\\super\\chftn}}{}}}{{\\pict\\pngblip 89504e47}}\\par\
         \\trowd\\cellx1\\cellx2\\pard\\intbl {}\\cell {}\\cell\\row\\pard\\intbl {}\\cell 10.5%\\cell\\row\
         \\pard {}\\line {{\\upr{{{}}}{{\\*\\ud {}}}}}\\par}}",
        gbk("宋体"),
        gbk("页眉"),
        gbk("云溪市侨联工作报告"),
        gbk("一、"),
        gbk("工作回顾"),
        big5("僑聯"),
        gbk("藏起来"),
        gbk("删去"),
        gbk("域"),
        gbk("按可比价格计算。"),
        gbk("指标"),
        gbk("数值"),
        gbk("增速"),
        escaped(BODY),
        gbk("甲"),
        escaped("𠮷"),
    );
    let imported = read("a.rtf", file.as_bytes());
    assert_eq!((imported.format, imported.encoding.as_deref()), (Format::Rtf, Some("GB18030")));
    let report = imported.report;
    assert_eq!(
        lines(&report),
        [
            "云溪市侨联工作报告",
            "一、工作回顾",
            "僑聯≤10域[1]",
            "[1] 按可比价格计算。",
            "指标　数值",
            "增速　10.5%",
            BODY,
            "𠮷",
        ]
    );
    assert_eq!(aside(&report, FurnitureReason::RunningHead), ["页眉"]);
    assert_eq!(aside(&report, FurnitureReason::Hidden), ["藏起来"]);
    assert_eq!(aside(&report, FurnitureReason::Deleted), ["删去"]);
    // Without the code page it is told by the bytes.
    let unsaid = format!("{{\\rtf1\\ansi {}\\par {}\\par}}", gbk("云溪市侨联工作报告"), gbk(BODY));
    assert_eq!(lines(&read("b.rtf", unsaid.as_bytes()).report), ["云溪市侨联工作报告", BODY]);
    // What breaks off gives what stood before.
    let cut = &file.as_bytes()[..file.len() - 40];
    assert!(has(&read("c.rtf", cut).report, ProblemCode::Truncated));
}

/// A text as RTF writes it in Unicode.
fn escaped(text: &str) -> String {
    text.encode_utf16().fold(String::new(), |mut out, unit| {
        let _ = write!(out, "\\u{}\\'3f", unit.cast_signed());
        out
    })
}

fn book(parts: &[(&str, &str)]) -> Vec<u8> {
    let container = "<container xmlns='urn:oasis:names:tc:opendocument:xmlns:container'><rootfiles><rootfile full-path='OEBPS/c.opf'/></rootfiles></container>";
    let package = "<package xmlns='http://www.idpf.org/2007/opf'><metadata xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:title>云溪侨联年鉴</dc:title><dc:creator>沈知远</dc:creator><dc:publisher>云溪出版社</dc:publisher><dc:date>2023-06-02</dc:date></metadata>\
        <manifest><item id='t' href='toc.ncx'/><item id='b' href='b.xhtml'/><item id='a' href='%E7%AC%AC1.xhtml'/></manifest><spine toc='t'><itemref idref='a'/><itemref idref='b'/></spine></package>";
    let contents = "<ncx xmlns='http://www.daisy.org/z3986/2005/ncx/'><navMap><navPoint><navLabel><text>工作回顾</text></navLabel><content src='%E7%AC%AC1.xhtml#x'/></navPoint></navMap></ncx>";
    let mut all = vec![
        ("mimetype", "application/epub+zip"),
        ("META-INF/container.xml", container),
        ("OEBPS/c.opf", package),
        ("OEBPS/toc.ncx", contents),
    ];
    all.extend(parts);
    let all: Vec<(&str, &[u8])> = all.iter().map(|(n, t)| (*n, t.as_bytes())).collect();
    archive(&all)
}

#[test]
fn books_in_the_order_of_their_spine() {
    let first = format!(
        "<html><head><title/></head><body><h1>云溪侨联年鉴</h1><p>工作回顾</p><p>{BODY}</p><a id='x'/></body></html>"
    );
    let second = "<html><body><p>第二篇的正文，讲的是今后的打算和安排。</p></body></html>";
    let file = book(&[("OEBPS/b.xhtml", second), ("OEBPS/第1.xhtml", &first)]);
    let imported = read("a.epub", &file);
    assert_eq!(imported.format, Format::Epub);
    let report = imported.report;
    assert_eq!(
        lines(&report),
        ["云溪侨联年鉴", "工作回顾", BODY, "第二篇的正文，讲的是今后的打算和安排。"]
    );
    assert_eq!(kinds(&report)[1].0, BlockKind::Heading);
    assert_eq!(report.metadata.authors, ["沈知远"]);
    assert_eq!(report.metadata.published.as_deref(), Some("2023-06-02"));
    let locked = "<encryption xmlns='urn:oasis:names:tc:opendocument:xmlns:container' xmlns:enc='http://www.w3.org/2001/04/xmlenc#'><enc:EncryptedData><enc:EncryptionMethod Algorithm='http://www.w3.org/2001/04/xmlenc#aes256-cbc'/><enc:CipherData><enc:CipherReference URI='OEBPS/b.xhtml'/></enc:CipherData></enc:EncryptedData></encryption>";
    let file = book(&[
        ("OEBPS/b.xhtml", "?"),
        ("OEBPS/第1.xhtml", &first),
        ("META-INF/encryption.xml", locked),
    ]);
    let error = import(Source { name: "a.epub", bytes: &file }).expect_err("a locked book");
    assert!(error.to_string().contains("digital rights"), "{error}");
}

#[test]
fn markdown_is_text_without_its_markup() {
    let text = format!(
        "---\ntitle: 云溪市侨联工作报告\ndate: 2023-06-02\nauthor: [沈知远, 周婉清]\nsource: 云溪日报\n---\n\n# 云溪市侨联工作报告\n\n**五年来**，[云溪市](http://example.org)侨联增长5%*。\n\n## 一、工作回顾\n\n    {BODY}\n    1．凝聚侨心\n\n- 走访慰问侨界人士\n- 举办联谊活动\n\n| 指标 | 数值 |\n|:--|--:|\n| 增速 | 10.5% |\n\n<table><tr><td>单位</td><td>人数</td></tr><tr><td>市侨联</td><td>12</td></tr></table>\n\n*注：按可比价格计算。\n\n正文[^1]到此为止。\n\n[^1]: 名词解释。\n"
    );
    let imported = read("a.md", text.as_bytes());
    assert_eq!(imported.format, Format::Markdown);
    let report = imported.report;
    let found = lines(&report);
    for line in [
        "五年来，云溪市侨联增长5%*。",
        "一、工作回顾",
        BODY,
        "走访慰问侨界人士",
        "指标　数值",
        "增速　10.5%",
        "市侨联　12",
        "*注：按可比价格计算。",
        "正文[1]到此为止。",
        "[1] 名词解释。",
    ] {
        assert!(found.contains(&line), "{line}: {found:#?}");
    }
    assert_eq!(report.metadata.title.as_deref(), Some("云溪市侨联工作报告"));
    assert_eq!(report.metadata.authors, ["沈知远", "周婉清"]);
    assert_eq!(report.metadata.published.as_deref(), Some("2023-06-02"));
}

#[test]
fn lists_of_reports() {
    use sheet::Column::{
        Author, Date, File, Ignored, Organisation, Place, Source as From, Text, Title, Url,
    };
    let read = |name: &str, bytes: &[u8]| {
        sheet::read(Source { name, bytes }, &Options::default())
            .unwrap_or_else(|e| panic!("{name}: {e}"))
    };
    let text = "侨联报告清单\n序号,报告标题,发布日期,省份,城市,发布单位,来源网站,链接,文件名\n1,云溪市侨联工作报告,2023年1月5日,云南省,昆明市,云溪市侨联,云溪日报,http://example.org/1,a.docx\n";
    let gbk = encoding_rs::GBK.encode(text).0;
    let utf_16: Vec<u8> = format!("\u{feff}{}", text.replace(',', "\t"))
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    for (name, bytes) in [("list.csv", text.as_bytes()), ("gbk.csv", &gbk), ("utf16.tsv", &utf_16)]
    {
        let sheets = read(name, bytes);
        let [sheet] = &sheets[..] else { panic!("{name}: one sheet") };
        assert_eq!(
            sheet.columns,
            [Ignored, Title, Date, Place, Place, Organisation, From, Url, File],
            "{name}"
        );
        assert_eq!(sheet.first_row, 3);
        let entry = sheet.entry(0, &sheet.columns);
        assert_eq!(entry.title.as_deref(), Some("云溪市侨联工作报告"));
        assert_eq!(entry.date.as_deref(), Some("2023-01-05"));
        assert_eq!(entry.place.as_deref(), Some("云南省昆明市"));
        assert_eq!(entry.file.as_deref(), Some("a.docx"));
    }
    // Traditional script, and text of its own.
    let list = format!(
        "標題,日期,作者,正文\n云溪市僑聯工作報告,2023-06,沈知远、周婉清,\"云溪市僑聯工作報告\n{BODY}\"\n"
    );
    let sheets = read("list.csv", list.as_bytes());
    assert_eq!(sheets[0].columns, [Title, Date, Author, Text]);
    let entry = sheets[0].entry(0, &sheets[0].columns);
    let imported = entry.import("list.csv").expect("a report");
    assert_eq!(lines(&imported.report), ["云溪市僑聯工作報告", BODY]);
    assert_eq!(imported.report.metadata.published.as_deref(), Some("2023-06"));
    assert_eq!(imported.report.metadata.authors, ["沈知远", "周婉清"]);
    // Without a header columns are known by what stands in them.
    let bare = "云溪市侨联2022年工作总结,2023-01-05,http://example.org/1\n云溪市侨联2023年工作总结,2024-01-05,http://example.org/2\n";
    assert_eq!(read("bare.csv", bare.as_bytes())[0].columns, [Title, Date, Url]);
}

#[test]
fn workbooks_show_their_cells() {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let workbook = format!(
        "<workbook xmlns='{main}' xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships'><sheets><sheet name='报告' sheetId='1' r:id='rId1'/></sheets></workbook>"
    );
    let strings = format!(
        "<sst xmlns='{main}'><si><t>标题</t></si><si><t>发布日期</t></si><si><r><t>云溪市侨联</t></r><r><t>工作报告</t></r><rPh><t>x</t></rPh></si></sst>"
    );
    let styles = format!(
        "<styleSheet xmlns='{main}'><numFmts><numFmt numFmtId='176' formatCode='yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;'/></numFmts><cellXfs><xf numFmtId='0'/><xf numFmtId='176'/></cellXfs></styleSheet>"
    );
    let sheet = format!(
        "<worksheet xmlns='{main}'><sheetData><row r='2'><c r='B2' t='s'><v>0</v></c><c r='C2' t='s'><v>1</v></c></row><row r='3'><c r='B3' t='s'><v>2</v></c><c r='C3' s='1'><v>44931</v></c></row></sheetData></worksheet>"
    );
    let file = archive(&[
        ("[Content_Types].xml", TYPES),
        ("xl/workbook.xml", workbook.as_bytes()),
        ("xl/sharedStrings.xml", strings.as_bytes()),
        ("xl/styles.xml", styles.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ]);
    let sheets = sheet::read(Source { name: "a.xlsx", bytes: &file }, &Options::default())
        .expect("a workbook");
    assert_eq!(sheets[0].name, "报告");
    assert_eq!(sheets[0].first_row, 3);
    let entry = sheets[0].entry(0, &sheets[0].columns);
    assert_eq!(entry.title.as_deref(), Some("云溪市侨联工作报告"));
    assert_eq!(entry.date.as_deref(), Some("2023-01-05"));
    assert_eq!(read("a.xlsx", &file).format, Format::Spreadsheet);
    let ods = "<office:document-content xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0' xmlns:text='urn:oasis:names:tc:opendocument:xmlns:text:1.0' xmlns:table='urn:oasis:names:tc:opendocument:xmlns:table:1.0'><office:body><office:spreadsheet><table:table table:name='报告'>\
        <table:table-row><table:table-cell><text:p>标题</text:p></table:table-cell><table:table-cell><text:p>日期</text:p></table:table-cell></table:table-row>\
        <table:table-row><table:table-cell><text:p>云溪市侨联工作报告</text:p></table:table-cell><table:table-cell office:value-type='date' office:date-value='2023-01-05'><text:p>23年1月</text:p></table:table-cell><table:table-cell table:number-columns-repeated='16000'/></table:table-row>\
        <table:table-row table:number-rows-repeated='1048000'><table:table-cell table:number-columns-repeated='16000'/></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>";
    let file = archive(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", ods.as_bytes()),
    ]);
    let sheets = sheet::read(Source { name: "a.ods", bytes: &file }, &Options::default())
        .expect("a workbook");
    assert_eq!(sheets[0].rows, [["云溪市侨联工作报告", "2023-01-05"]]);
}

#[test]
fn hostile_files_are_refused_or_bounded() {
    let error = |name: &str, bytes: &[u8]| {
        import(Source { name, bytes }).map(|i| i.report.text).expect_err(name)
    };
    // Entities: to other files, and of each other.
    let outside = "<!DOCTYPE w [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><w:document><w:body><w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:body></w:document>";
    let laughs = "<!DOCTYPE w [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]><w:document><w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>";
    for hostile in [outside, laughs] {
        let file =
            archive(&[("[Content_Types].xml", TYPES), ("word/document.xml", hostile.as_bytes())]);
        let found = error("a.docx", &file);
        assert!(matches!(found, ImportError::Damaged { .. }), "{found}");
        let found = error("a.fodt", hostile.replace("w:document", "office:document xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0'").as_bytes());
        assert!(matches!(found, ImportError::Damaged { .. }), "{found}");
    }
    // A part that unpacks without end.
    let zeros = vec![b' '; 64 << 20];
    let mut packer = flate2::Compress::new(flate2::Compression::best(), false);
    let mut packed = Vec::with_capacity(1 << 20);
    packer.compress_vec(&zeros, &mut packed, flate2::FlushCompress::Finish).expect("packed");
    let mut file = archive(&[("[Content_Types].xml", TYPES), ("word/document.xml", &packed)]);
    for header in [&b"PK\x03\x04"[..], b"PK\x01\x02"] {
        let offset = if header[2] == 3 { 8 } else { 10 };
        let at = memchr_last(&file, header);
        file[at + offset] = 8;
    }
    assert!(matches!(error("bomb.docx", &file), ImportError::Bomb { .. }));
    // Tables in tables, without end.
    let deep = format!(
        "{}{}{}",
        "<w:tbl><w:tr><w:tc>".repeat(5000),
        p("深处"),
        "</w:tc></w:tr></w:tbl>".repeat(5000)
    );
    assert!(read("deep.docx", &docx(&deep, &[])).report.text.contains("深处"));
    let groups = format!("{{\\rtf1 {}deep{}", "{".repeat(100_000), "}".repeat(100_001));
    assert!(read("deep.rtf", groups.as_bytes()).report.text.contains("deep"));
    // A note that refers to itself.
    let note = format!(
        "<w:footnotes xmlns:w='{WORD}'><w:footnote w:id='1'><w:p><w:r><w:t>注</w:t><w:footnoteReference w:id='1'/><w:footnoteReference w:id='1'/></w:r></w:p></w:footnote></w:footnotes>"
    );
    let body =
        format!("{}<w:p><w:r><w:t>甲</w:t><w:footnoteReference w:id='1'/></w:r></w:p>", p(BODY));
    read("note.docx", &docx(&body, &[("word/footnotes.xml", &note)]));
    // A style based on itself.
    let styles = format!(
        "<w:styles xmlns:w='{WORD}'><w:style w:type='paragraph' w:styleId='a'><w:basedOn w:val='a'/></w:style></w:styles>"
    );
    read("style.docx", &docx(&styled("a", BODY), &[("word/styles.xml", &styles)]));
}

fn memchr_last(bytes: &[u8], wanted: &[u8]) -> usize {
    bytes.windows(wanted.len()).rposition(|w| w == wanted).expect("the header")
}

#[test]
fn a_document_that_breaks_off_gives_what_is_whole() {
    let body: String = (0..40).map(|n| p(&format!("第{n}段：{BODY}"))).collect();
    let whole = docx(&body, &[]);
    let cut = &whole[..whole.len() / 2];
    let report = read("a.docx", cut).report;
    assert!(report.text.contains("第3段"));
    assert!(has(&report, ProblemCode::Truncated));
}

/// A compound file of streams.
fn compound(streams: &[(&str, Vec<u8>)]) -> Vec<u8> {
    const SECTOR: usize = 512;
    let mut next: Vec<u32> = vec![0xFFFF_FFFD, 0xFFFF_FFFE];
    let mut body = Vec::new();
    let entry = |name: &str, kind: u8, child: u32, right: u32, start: u32, size: usize| {
        let mut entry = vec![0; 128];
        for (at, unit) in name.encode_utf16().enumerate() {
            entry[at * 2..at * 2 + 2].copy_from_slice(&unit.to_le_bytes());
        }
        entry[64] = (name.encode_utf16().count() * 2 + 2) as u8;
        entry[66] = kind;
        for (at, value) in
            [(68, u32::MAX), (72, right), (76, child), (116, start), (120, size as u32)]
        {
            entry[at..at + 4].copy_from_slice(&value.to_le_bytes());
        }
        entry
    };
    let mut directory = entry("Root Entry", 5, 1, u32::MAX, 0xFFFF_FFFE, 0);
    for (at, (name, bytes)) in streams.iter().enumerate() {
        // Small streams would lie elsewhere.
        let size = bytes.len().max(4096).next_multiple_of(SECTOR);
        let start = next.len() as u32;
        next.extend((start + 1..start + (size / SECTOR) as u32).chain([0xFFFF_FFFE]));
        body.extend(bytes);
        body.resize(body.len().next_multiple_of(SECTOR).max((next.len() - 2) * SECTOR), 0);
        let right = if at + 1 < streams.len() { at as u32 + 2 } else { u32::MAX };
        directory.extend(entry(name, 2, u32::MAX, right, start, size));
    }
    directory.resize(SECTOR, 0);
    let mut table: Vec<u8> = next.iter().flat_map(|n| n.to_le_bytes()).collect();
    assert!(table.len() <= SECTOR, "one sector holds the table");
    table.resize(SECTOR, 0xFF);
    let mut file = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    file.resize(SECTOR, 0xFF);
    for (at, value) in [
        (30, 9_u32 | 6 << 16),
        (44, 1),
        (48, 1),
        (56, 4096),
        (60, 0xFFFF_FFFE),
        (68, 0xFFFF_FFFE),
        (76, 0),
    ] {
        file[at..at + 4].copy_from_slice(&value.to_le_bytes());
    }
    [file, table, directory, body].concat()
}

/// A Word 97 document of a text, of which one run is hidden.
fn doc(text: &str, hidden: &str) -> Vec<u8> {
    const TEXT: usize = 2048;
    let mut main = vec![0_u8; TEXT];
    let mut put = |at: usize, bytes: &[u8]| main[at..at + bytes.len()].copy_from_slice(bytes);
    let units: Vec<u16> = text.encode_utf16().collect();
    let at = text.find(hidden).expect("the hidden run");
    let from = TEXT as u32 + text[..at].encode_utf16().count() as u32 * 2;
    let to = from + hidden.encode_utf16().count() as u32 * 2;
    let end = TEXT as u32 + units.len() as u32 * 2;
    put(0, &[0xEC, 0xA5, 0xC1, 0]);
    put(10, &[0, 2]);
    put(76, &(units.len() as u32).to_le_bytes());
    // The table of pieces, and the page of runs with one that says "hidden".
    let mut table = vec![2];
    table.extend(16_u32.to_le_bytes());
    table.extend([0_u32.to_le_bytes(), (units.len() as u32).to_le_bytes()].concat());
    table.extend([0, 0]);
    table.extend((TEXT as u32).to_le_bytes());
    table.extend([0, 0]);
    put(0x1A2, &[0_u32.to_le_bytes(), (table.len() as u32).to_le_bytes()].concat());
    put(0xFA, &[(table.len() as u32).to_le_bytes(), 12_u32.to_le_bytes()].concat());
    table.extend([(TEXT as u32).to_le_bytes(), end.to_le_bytes(), 2_u32.to_le_bytes()].concat());
    let bounds = [TEXT as u32, from, to, end];
    put(1024, &bounds.iter().flat_map(|b| b.to_le_bytes()).collect::<Vec<u8>>());
    put(1024 + 16, &[0, 200, 0]);
    put(1024 + 400, &[3, 0x3C, 0x08, 1]);
    put(1024 + 511, &[3]);
    main.extend(units.iter().flat_map(|u| u.to_le_bytes()));
    compound(&[("WordDocument", main), ("1Table", table)])
}

#[test]
fn word_97_documents() {
    let text = format!(
        "云溪市侨联工作报告\r一、工作回顾\r{BODY}\r见\u{13} HYPERLINK \"x\" \u{14}附件\u{15}藏起来的字。\r"
    );
    for name in ["a.doc", "a.wps"] {
        let imported = read(name, &doc(&text, "藏起来的字"));
        assert_eq!(imported.format, Format::Doc);
        let report = imported.report;
        assert_eq!(lines(&report), ["云溪市侨联工作报告", "一、工作回顾", BODY, "见附件。"]);
        assert_eq!(aside(&report, FurnitureReason::Hidden), ["藏起来的字"]);
    }
}

/// A workbook of Excel 97 with a header, a title and a date.
fn xls() -> Vec<u8> {
    let record = |kind: u16, data: &[u8]| {
        [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat()
    };
    let string = |text: &str| {
        let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        [&(text.encode_utf16().count() as u16).to_le_bytes()[..], &[1], &units].concat()
    };
    let shared: Vec<u8> =
        ["标题", "日期", "云溪市侨联工作报告"].iter().flat_map(|t| string(t)).collect();
    let globals = |place: u32| {
        [
            record(0x0809, &[0, 6, 5, 0, 0, 0, 0, 0]),
            record(0x00E0, &[0, 0, 0, 0]),
            record(0x00E0, &[0, 0, 14, 0]),
            record(
                0x0085,
                &[
                    &place.to_le_bytes()[..],
                    &[0, 0, 2, 1],
                    &"报告".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>(),
                ]
                .concat(),
            ),
            record(0x00FC, &[&[3, 0, 0, 0, 3, 0, 0, 0][..], &shared].concat()),
            record(0x000A, &[]),
        ]
        .concat()
    };
    let text = |row: u16, column: u16, index: u32| {
        let head: Vec<u8> = [row, column, 0].iter().flat_map(|n| n.to_le_bytes()).collect();
        record(0x00FD, &[&head[..], &index.to_le_bytes()].concat())
    };
    let date = [&[1, 0, 1, 0, 1, 0][..], &44_931.0_f64.to_le_bytes()].concat();
    let sheet = [
        record(0x0809, &[0, 6, 16, 0, 0, 0, 0, 0]),
        text(0, 0, 0),
        text(0, 1, 1),
        text(1, 0, 2),
        record(0x0203, &date),
        record(0x000A, &[]),
    ]
    .concat();
    let place = globals(0).len() as u32;
    compound(&[("Workbook", [globals(place), sheet].concat())])
}

#[test]
fn workbooks_of_excel_97() {
    let file = xls();
    assert!(sheet::is_sheet(Source { name: "a.xls", bytes: &file }));
    let sheets = sheet::read(Source { name: "a.xls", bytes: &file }, &Options::default())
        .expect("a workbook");
    assert_eq!(
        (sheets[0].name.as_str(), &sheets[0].header[..]),
        ("报告", &["标题".to_owned(), "日期".to_owned()][..])
    );
    assert_eq!(sheets[0].rows, [["云溪市侨联工作报告", "2023-01-05"]]);
}

#[test]
fn tables_that_are_called_workbooks() {
    let page = "<html><body><table><tr><td colspan='2'>报告清单</td></tr><tr><th>标题</th><th>发布日期</th></tr><tr><td>云溪市侨联<br>工作报告</td><td>2023-01-05</td></tr></table></body></html>";
    let xml = "<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet' xmlns:ss='urn:schemas-microsoft-com:office:spreadsheet'><Worksheet ss:Name='报告'><Table><Row><Cell><Data ss:Type='String'>标题</Data></Cell><Cell ss:Index='3'><Data ss:Type='String'>发布日期</Data></Cell></Row><Row><Cell><Data>云溪市侨联工作报告</Data></Cell><Cell ss:Index='3'><Data ss:Type='DateTime'>2023-01-05T00:00:00.000</Data></Cell></Row></Table></Worksheet></Workbook>";
    for file in [page, xml] {
        let source = Source { name: "a.xls", bytes: file.as_bytes() };
        assert!(sheet::is_sheet(source));
        let sheets = sheet::read(source, &Options::default()).expect("a workbook");
        let entry = sheets[0].entry(0, &sheets[0].columns);
        assert_eq!(entry.title.map(|t| t.replace(' ', "")).as_deref(), Some("云溪市侨联工作报告"));
        assert_eq!(entry.date.as_deref(), Some("2023-01-05"));
    }
}

#[test]
fn titles_are_known_by_their_looks() {
    let line = |size: u16, text: &str| {
        format!(
            "<w:p><w:pPr><w:jc w:val='center'/></w:pPr><w:r><w:rPr><w:sz w:val='{size}'/></w:rPr><w:t>{text}</w:t></w:r></w:p>"
        )
    };
    let body = format!(
        "{}{}{}{}{}{}",
        line(72, "云溪市人民政府文件"),
        line(32, "云政发〔2023〕5号"),
        line(44, "云溪市人民政府关于"),
        line(44, "加强侨务工作的意见"),
        p("各县（区）人民政府，市政府各部门："),
        p(BODY),
    );
    let report = read("a.docx", &docx(&body, &[])).report;
    assert_eq!(report.metadata.title.as_deref(), Some("云溪市人民政府关于加强侨务工作的意见"));
    assert!(report.repairs.iter().any(|r| r.kind == anjuan_text::RepairKind::LineBreak));
}

#[test]
fn slides_in_their_order() {
    let relations = |targets: &[(&str, &str)]| -> String {
        let all = targets.iter().fold(String::new(), |mut all, (id, target)| {
            let _ = write!(all, "<Relationship Id='{id}' Type='x/slide' Target='{target}'/>");
            all
        });
        format!(
            "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>{all}</Relationships>"
        )
    };
    let namespaces = "xmlns:p='http://schemas.openxmlformats.org/presentationml/2006/main' xmlns:a='http://schemas.openxmlformats.org/drawingml/2006/main' xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships'";
    let slide = |title: &str, text: &str| {
        format!(
            "<p:sld {namespaces}><p:cSld><p:spTree><p:sp><p:nvSpPr><p:nvPr><p:ph type='title'/></p:nvPr></p:nvSpPr><p:txBody><a:p><a:r><a:t>{title}</a:t></a:r></a:p></p:txBody></p:sp><p:sp><p:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp></p:spTree></p:cSld></p:sld>"
        )
    };
    let presentation = format!(
        "<p:presentation {namespaces}><p:sldIdLst><p:sldId r:id='r2'/><p:sldId r:id='r1'/></p:sldIdLst></p:presentation>"
    );
    let file = archive(&[
        ("[Content_Types].xml", TYPES),
        ("ppt/presentation.xml", presentation.as_bytes()),
        (
            "ppt/_rels/presentation.xml.rels",
            relations(&[("r1", "slides/slide1.xml"), ("r2", "slides/slide2.xml")]).as_bytes(),
        ),
        ("ppt/slides/slide1.xml", slide("工作打算", BODY).as_bytes()),
        ("ppt/slides/slide2.xml", slide("云溪市侨联工作报告", "二〇二三年一月").as_bytes()),
    ]);
    let imported = read("a.pptx", &file);
    assert_eq!(imported.format, Format::Slides);
    assert_eq!(lines(&imported.report), ["云溪市侨联工作报告", "二〇二三年一月", "工作打算", BODY]);
}

/// An official document of fixed layout: pages of lines, each 30 characters of 5 mm at most.
fn ofd(pages: &[&[&str]]) -> Vec<u8> {
    let namespace = "xmlns:ofd='http://www.ofdspec.org/2016'";
    let mut parts: Vec<(String, String)> = vec![(
        "OFD.xml".to_owned(),
        format!(
            "<ofd:OFD {namespace}><ofd:DocBody><ofd:DocInfo><ofd:Title>x</ofd:Title></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
        ),
    )];
    let mut list = String::new();
    for (number, lines) in pages.iter().enumerate() {
        let _ = write!(list, "<ofd:Page ID='{number}' BaseLoc='Pages/Page_{number}/Content.xml'/>");
        let mut objects = String::new();
        for (at, line) in lines.iter().enumerate() {
            let indent = if line.starts_with('　') { 10 } else { 0 };
            let text = line.trim_start_matches('　');
            let (x, y) = (30 + indent, 30 + at * 10);
            let steps = text.chars().count().saturating_sub(1);
            let _ = write!(
                objects,
                "<ofd:TextObject ID='{at}' Boundary='{x} {y} 150 6' Font='1' Size='5'><ofd:TextCode X='0' Y='5' DeltaX='g {steps} 5'>{text}</ofd:TextCode></ofd:TextObject>"
            );
        }
        let _ = write!(
            objects,
            "<ofd:TextObject ID='99' Boundary='100 280 20 6' Font='1' Size='4'><ofd:TextCode X='0' Y='4' DeltaX='2 2 2 2'>- {} -</ofd:TextCode></ofd:TextObject>",
            number + 1
        );
        parts.push((
            format!("Doc_0/Pages/Page_{number}/Content.xml"),
            format!("<ofd:Page {namespace}><ofd:Content><ofd:Layer>{objects}</ofd:Layer></ofd:Content></ofd:Page>"),
        ));
    }
    parts.push((
        "Doc_0/Document.xml".to_owned(),
        format!("<ofd:Document {namespace}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData><ofd:Pages>{list}</ofd:Pages></ofd:Document>"),
    ));
    let parts: Vec<(&str, &[u8])> = parts.iter().map(|(n, t)| (n.as_str(), t.as_bytes())).collect();
    archive(&parts)
}

#[test]
fn official_documents_of_fixed_layout() {
    let pages: [&[&str]; 3] = [
        &[
            "云溪市侨联工作报告",
            "　　一、工作回顾",
            "　　五年来，云溪市侨联凝聚侨心、汇集侨智，各项工作迈上新",
            "台阶，取得了明显成效，得到广大侨界群众的一致好评，为全市",
        ],
        &[
            "改革发展稳定大局作出了积极的贡献。",
            "　　（一）凝聚侨心",
            "　　走访慰问侨界人士三百余人次。",
        ],
        &["　　二、工作打算", "　　继续团结带领全市广大归侨侨眷和海外侨胞共同奋斗。"],
    ];
    let imported = read("a.ofd", &ofd(&pages));
    assert_eq!(imported.format, Format::Ofd);
    let report = imported.report;
    assert_eq!(
        lines(&report),
        [
            "云溪市侨联工作报告",
            "一、工作回顾",
            "五年来，云溪市侨联凝聚侨心、汇集侨智，各项工作迈上新台阶，取得了明显成效，得到广大侨界群众的一致好评，为全市改革发展稳定大局作出了积极的贡献。",
            "（一）凝聚侨心",
            "走访慰问侨界人士三百余人次。",
            "二、工作打算",
            "继续团结带领全市广大归侨侨眷和海外侨胞共同奋斗。",
        ]
    );
    let set_aside: String = report.furniture.iter().map(|f| f.text.as_str()).collect();
    assert!(set_aside.contains('1') && set_aside.contains('3'), "{set_aside}");
}

/// Files of every format, to be damaged.
fn samples() -> Vec<(&'static str, Vec<u8>)> {
    let table = format!("<w:tbl><w:tr><w:tc>{0}</w:tc><w:tc>{0}</w:tc></w:tr></w:tbl>", p("甲"));
    let list = "标题,日期\n云溪市侨联工作报告,2023-01-05\n".as_bytes().to_vec();
    vec![
        ("a.docx", docx(&format!("{}{table}{}", styled("1", "一、回顾"), p(BODY)), &[])),
        ("a.fodt", odt(&format!("<text:list><text:list-item><text:p>{BODY}</text:p></text:list-item></text:list>"), "").into_bytes()),
        ("a.rtf", b"{\\rtf1\\ansi\\ansicpg936{\\fonttbl{\\f0\\fcharset134 x;}}\\f0 \\'d4\\'c6\\u28330?{\\footnote a\\par}\\trowd\\intbl b\\cell\\row\\pard c\\par}".to_vec()),
        ("a.epub", book(&[("OEBPS/b.xhtml", "<p>一</p>"), ("OEBPS/第1.xhtml", "<h1>二</h1>")])),
        ("a.md", format!("# 标题\n\n|a|b|\n|-|-|\n|1|2|\n\n- {BODY}\n").into_bytes()),
        ("a.csv", list),
        ("a.xls", xls()),
        ("a.ofd", ofd(&[&["云溪市侨联工作报告", BODY], &[BODY]])),
        ("a.doc", doc(&format!("甲\u{7}乙\u{7}\r{BODY}\u{13}x\u{14}y\u{15}\r"), "乙")),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn damage_does_no_harm(
        which in 0..9_usize,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
        keep in any::<prop::sample::Index>(),
        cut in any::<bool>(),
    ) {
        let (name, mut bytes) = samples().swap_remove(which);
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if cut {
            bytes.truncate(keep.index(bytes.len()));
        }
        if let Ok(imported) = import(Source { name, bytes: &bytes }) {
            assert_shape(&imported.report, name);
        }
        let _ = sheet::read(Source { name, bytes: &bytes }, &Options::default());
    }

    #[test]
    fn random_bytes_behind_a_magic_do_no_harm(which in 0..3_usize, bytes in prop::collection::vec(any::<u8>(), 0..3000)) {
        let magic: [&[u8]; 3] = [b"PK\x03\x04", b"{\\rtf1", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"];
        let bytes = [magic[which], &bytes].concat();
        if let Ok(imported) = import(Source { name: "a", bytes: &bytes }) {
            assert_shape(&imported.report, "magic");
        }
    }

    #[test]
    fn random_control_words_do_no_harm(words in prop::collection::vec(prop::sample::select(vec![
        "{", "}", "\\par ", "\\cell ", "\\row ", "\\nestcell ", "\\intbl ", "\\itap3 ", "{\\footnote ", "{\\field ", "{\\*\\fldinst TOC}",
        "{\\fldrslt ", "{\\upr ", "{\\*\\ud ", "\\u20113 ", "\\'d6", "\\'d0", "\\f1 ", "\\bin5 ", "{\\pict ", "{\\shp{\\*\\shpinst{\\shptxt ", "{\\listtext 1.}",
        "\\pard ", "\\v ", "\\deleted ", "\\chftn ", "text", "\\trowd ", "{\\header ", "{\\stylesheet{\\s1 heading 1;}}", "\\s1 ", "\\dbch\\af2 ",
    ]), 0..80)) {
        let file = format!("{{\\rtf1\\ansi\\ansicpg936 {}", words.concat());
        if let Ok(imported) = import(Source { name: "a.rtf", bytes: file.as_bytes() }) {
            assert_shape(&imported.report, "words");
        }
    }
}
