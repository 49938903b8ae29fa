//! Pages as sites and browsers make them, of places that do not exist.

mod material;

use anjuan_import::{
    Format, ImportError, Imported, Options, Refusal, Source, companion_folders, import,
    import_piece, import_with,
};
use anjuan_text::{BlockKind, FurnitureReason, OffsetMap, ProblemCode, ReportText};
use material::assert_shape;
use proptest::prelude::*;

const FIRST: &str =
    "五年来，云溪市侨联凝聚侨心、汇集侨智，各项工作迈上新台阶，得到广大归侨侨眷的充分肯定。";
const SECOND: &str =
    "一年来，全市各级侨联组织走访慰问侨界人士一千二百余人次，帮助解决实际困难三百余件。";
const THIRD: &str =
    "下一步，市侨联将继续发挥桥梁纽带作用，引导侨界参与家乡建设，不断开创工作新局面。";

fn read(name: &str, page: &str) -> Imported {
    let imported = import(Source { name, bytes: page.as_bytes() });
    let imported = imported.unwrap_or_else(|e| panic!("{name}: {e}"));
    assert_shape(&imported.report, name);
    imported
}

/// Why a page is refused. On the user's word it is read all the same, and says why it was refused.
fn refusal(page: &str) -> Refusal {
    let source = Source { name: "a.html", bytes: page.as_bytes() };
    let reason = match import(source) {
        Err(ImportError::NotAReport { reason }) => reason,
        other => panic!("{other:?}"),
    };
    let report = anyway(page, None);
    assert_eq!(Refusal::of(&report), Some(reason), "{page}");
    let shown = scraper::Html::parse_document(page);
    let body = scraper::Selector::parse("body").expect("a selector");
    for text in shown.select(&body).flat_map(|b| b.text()).filter(|t| !t.trim().is_empty()) {
        let head = report.metadata.title.as_deref().is_some_and(|title| text.contains(title));
        let set_aside = report.furniture.iter().any(|f| f.text.contains(text.trim()));
        assert!(report.text.contains(text.trim()) || set_aside || head, "{text} of {page}");
    }
    reason
}

fn anyway(page: &str, refused: Option<Refusal>) -> ReportText {
    let options = Options { anyway: true, refused, ..Options::default() };
    let source = Source { name: "a.html", bytes: page.as_bytes() };
    let report = import_with(source, &options).unwrap_or_else(|e| panic!("{e}: {page}")).report;
    assert_shape(&report, page);
    report
}

fn paragraphs(imported: &Imported) -> Vec<String> {
    let map = OffsetMap::new(&imported.report.text);
    let blocks = imported.report.blocks.iter().filter(|b| b.kind == BlockKind::Paragraph);
    blocks.map(|b| map.slice(b.range).to_owned()).collect()
}

#[test]
fn an_article_of_a_public_account() {
    let page = format!(
        "<!DOCTYPE html><html><head><meta property=\"og:title\" content=\"侨界新春走访\"></head><body>\
         <div id=\"img-content\"><h1 id=\"activity-name\"> 侨界新春走访 </h1>\
         <div id=\"meta_content\"><span>周婉清</span> <a href=\"#\" id=\"js_name\"> 云溪侨联 </a></div>\
         <div id=\"js_content\" style=\"visibility: hidden; opacity: 0;\"><section><section>{FIRST}</section></section>\
         <section><p><span>{SECOND}</span></p><p><br></p><img data-src=\"x\"></section><p>{THIRD}</p></div></div>\
         <script>var msg_title = '侨界新春走访'; var ct = \"1706745600\"; var nickname = \"云溪侨联\";</script></body></html>"
    );
    let found = read("a.html", &page);
    let metadata = &found.report.metadata;
    assert_eq!(metadata.title.as_deref(), Some("侨界新春走访"));
    assert_eq!(metadata.source.as_deref(), Some("云溪侨联"));
    assert_eq!(metadata.published.as_deref(), Some("2024-02-01T08:00"));
    assert_eq!(paragraphs(&found), [FIRST, SECOND, THIRD]);
}

#[test]
fn what_is_hidden_inside_a_text_is_set_aside_and_said() {
    let page = format!(
        "<html><body><h1>云溪市侨联五年工作综述</h1><div class=content><p>五年来，<span style='display:none'>抄袭必究</span>\
         云溪市侨联凝聚侨心、汇集侨智，各项工作迈上新台阶。</p><p>{SECOND}</p><p>{THIRD}<font class=jammer>乱码乱码</font></p>\
         </div></body></html>"
    );
    let found = read("a.html", &page);
    assert_eq!(
        paragraphs(&found),
        ["五年来，云溪市侨联凝聚侨心、汇集侨智，各项工作迈上新台阶。", SECOND, THIRD]
    );
    let hidden = |word: &str| {
        let mut all = found.report.furniture.iter();
        all.any(|f| f.reason == FurnitureReason::Hidden && f.text.contains(word))
    };
    assert!(hidden("抄袭必究") && hidden("乱码乱码"));
    assert!(found.report.problems.iter().any(|p| p.code == ProblemCode::HiddenText));
}

#[test]
#[allow(clippy::format_collect, reason = "a page is put together")]
fn pages_that_are_no_report_say_why() {
    let list: String = (1..30)
        .map(|n| format!("<li><a href=/{n}.html>云溪市侨联召开第{n}次全体会议</a> <span>2023-05-{n:02}</span></li>"))
        .collect();
    let page = format!(
        "<html><head><title>工作动态-云溪侨联</title></head><body><ul class=list>{list}</ul></body></html>"
    );
    assert_eq!(refusal(&page), Refusal::ListPage);
    for page in [
        "<html><head><title>404 Not Found</title></head><body><center><h1>404 Not Found</h1></center><hr>nginx</body></html>",
        "<html><head><title>云溪网</title></head><body><p>抱歉，您访问的页面不存在或已被删除！</p><a href=/>返回首页</a></body></html>",
        "<html><head><title></title></head><body><div>该内容已被发布者删除</div></body></html>",
    ] {
        assert_eq!(refusal(page), Refusal::ErrorPage, "{page}");
    }
    let page = "<html><head><title>用户登录</title></head><body><form>用户名<input> 密码<input type=password></form></body></html>";
    assert_eq!(refusal(page), Refusal::CheckPage);
    let page = "<html><head><title>云溪新闻</title></head><body><div id=app></div><script src=a.js></script></body></html>";
    assert_eq!(refusal(page), Refusal::NoText);
}

#[test]
fn a_page_that_was_refused_is_read_on_the_user_s_word() {
    // Of a list without any text the titles are the text.
    let rows: String = (1..30).fold(String::new(), |rows, n| {
        rows + &format!("<li><a href=/{n}.html>云溪市侨联召开第{n}次全体会议</a> 05-{n:02}</li>")
    });
    let list = anyway(&format!("<body><ul>{rows}</ul></body>"), None);
    assert!((1..30).all(|n| list.text.contains(&format!("召开第{n}次"))), "{}", list.text);
    // What would not be refused is as ever, and says nothing.
    let page =
        format!("<h1>云溪市侨联五年工作综述</h1><p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p>");
    let page = format!("<html><body>{page}</body></html>");
    assert_eq!(anyway(&page, None), read("a.html", &page).report);
    // What a container refuses is refused whatever stands in it.
    for reason in [Refusal::ErrorPage, Refusal::PartOfPage] {
        let options = Options { refused: Some(reason), ..Options::default() };
        let source = Source { name: "a.html", bytes: page.as_bytes() };
        assert_eq!(import_with(source, &options), Err(ImportError::NotAReport { reason }));
        let report = anyway(&page, Some(reason));
        assert_eq!((Refusal::of(&report), report.text.contains(FIRST)), (Some(reason), true));
    }
}

#[test]
#[allow(clippy::format_collect, reason = "a page is put together")]
fn a_page_in_one_file_and_a_view_of_its_source() {
    let page = format!(
        "<!DOCTYPE html> <html><!--\n Page saved with SingleFile \n url: https://www.example.org/a.html \n saved date: Mon Jan 01 2024\n-->\
         <head><title>云溪市侨联五年工作综述</title></head><body><h1>云溪市侨联五年工作综述</h1>\
         <img src=\"data:image/png;base64,{}\"><p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p></body></html>",
        "iVBORw0KGgo".repeat(200)
    );
    let found = read("a.html", &page);
    assert_eq!(found.report.metadata.address.as_deref(), Some("https://www.example.org/a.html"));
    assert_eq!(found.report.metadata.published, None, "the day of saving is none of the report's");
    assert_eq!(paragraphs(&found), [FIRST, SECOND, THIRD]);

    let source = format!(
        "<html><body><h1>云溪市侨联五年工作综述</h1>\n<p>{FIRST}</p>\n<p>{SECOND}</p>\n<p>{THIRD}</p></body></html>"
    );
    let rows: String = source
        .lines()
        .map(|l| l.replace('&', "&amp;").replace('<', "&lt;"))
        .map(|l| {
            format!("<tr><td class=\"line-number\"></td><td class=\"line-content\">{l}</td></tr>")
        })
        .collect();
    let view = format!(
        "<html><head></head><body><div class=\"line-gutter-backdrop\"></div><table><tbody>{rows}</tbody></table></body></html>"
    );
    assert_eq!(paragraphs(&read("view-source.html", &view)), [FIRST, SECOND, THIRD]);
}

#[test]
fn a_piece_of_a_page_is_text_as_a_whole() {
    let clipboard = format!(
        "Version:0.9\nSourceURL:https://www.example.org/a.html\n<html><body>\n<!--StartFragment--><p>{FIRST}</p>\
         <a href=x>短链接</a><!--EndFragment-->\n</body></html>"
    );
    let found = import_piece("", &clipboard).expect("a piece");
    assert_eq!(found.format, Format::Html);
    assert!(found.report.text.contains(FIRST) && found.report.text.contains("短链接"));
    assert_eq!(found.report.metadata.address.as_deref(), Some("https://www.example.org/a.html"));
    assert_eq!(import_piece("", "<p> </p>"), Err(ImportError::Empty));
}

#[test]
fn folders_of_saved_pages_are_known_by_name() {
    assert!(companion_folders("云溪.html").contains(&"云溪_files".to_owned()));
    assert!(companion_folders("云溪.HTM").contains(&"云溪.files".to_owned()));
    assert!(companion_folders("云溪.txt").is_empty());
}

#[test]
fn pages_deeper_than_any_real_one_are_read_line_by_line() {
    let deep = format!("<html><body>{}<p>{FIRST}</p><p>{SECOND}</p>", "<div>".repeat(60_000));
    assert_eq!(paragraphs(&read("a.html", &deep)), [FIRST, SECOND]);
}

/// A page as sites make them, to be spoilt.
fn page() -> String {
    format!(
        "<html><head><title>云溪市侨联五年工作综述_要闻</title><meta name=PubDate content=2023-06-02></head><body>\
         <div class=nav><a href=/>首页</a> &gt; <a href=/yw>要闻</a></div><h1>云溪市侨联五年工作综述</h1>\
         <div class=info>来源：云溪日报 2023-06-02 15:38</div><div class=content><p>{FIRST}</p><table><tr><td>指标<td>数值\
         <tr><td>走访<td>1200</table><p style='text-indent:2em'>{SECOND}<span style='display:none'>藏</span></p>\
         <ul><li>{THIRD}</ul></div><div id=footer>版权所有 云溪市侨联<script>var a = '<p>';</script></div></body></html>"
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn spoilt_pages_do_no_harm(
        cuts in prop::collection::vec((0_usize..4000, 0_usize..40, "[<>/=\"'a-z& -]{0,6}"), 0..12)
    ) {
        let mut chars: Vec<char> = page().chars().collect();
        for (at, len, put) in cuts {
            let at = at % chars.len().max(1);
            let end = (at + len).min(chars.len());
            chars.splice(at..end, put.chars());
        }
        let page: String = chars.into_iter().collect();
        if let Ok(imported) = import(Source { name: "a.html", bytes: page.as_bytes() }) {
            assert_shape(&imported.report, "spoilt");
        }
        if let Ok(piece) = import_piece("", &page) {
            assert_shape(&piece.report, "piece");
        }
    }

    #[test]
    fn spoilt_envelopes_do_no_harm(bytes in prop::collection::vec(any::<u8>(), 0..300), cut in 0_usize..400) {
        let head = "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\
            Content-Transfer-Encoding: quoted-printable\n\n<p>=E4=BA=91";
        let mut file = head.as_bytes()[..cut.min(head.len())].to_vec();
        file.extend(bytes);
        let _ = import(Source { name: "a.mht", bytes: &file });
    }
}
