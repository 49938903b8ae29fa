//! Containers: ZIP, WACZ, WARC, ARC, gzip, tar, made here and of the shared material.

mod material;

use anjuan_import::container::{Entry, Found, Kind, Limits, kind, walk};
use anjuan_import::{ImportError, Options, Refusal, Source, import};
use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::{DeflateEncoder, GzEncoder};
use proptest::prelude::*;
use std::io::{Cursor, Read, Write};
use std::ops::ControlFlow;

/// Everything that a walk finds.
#[derive(Debug, Default)]
struct All {
    entries: Vec<Entry>,
    failed: Vec<(String, ImportError)>,
    ignored: usize,
}

impl All {
    fn paths(&self) -> Vec<&str> {
        self.entries.iter().map(|e| e.path.as_str()).collect()
    }
}

fn walk_with(
    file: &str,
    bytes: &[u8],
    options: &Options<'_>,
    limits: &Limits,
) -> Result<All, ImportError> {
    let kind = kind(file, &bytes[..bytes.len().min(1024)]).expect("a container");
    let mut all = All::default();
    walk(kind, file, &mut Cursor::new(bytes), options, limits, &mut |found| {
        match found {
            Found::Entry(entry) => all.entries.push(entry),
            Found::Failed { path, error, .. } => all.failed.push((path, error)),
            Found::Ignored => all.ignored += 1,
        }
        ControlFlow::Continue(())
    })?;
    Ok(all)
}

fn all(file: &str, bytes: &[u8]) -> All {
    walk_with(file, bytes, &Options::default(), &Limits::default()).expect("it is read")
}

/// A ZIP archive as it is written.
#[derive(Default)]
struct Zip {
    bytes: Vec<u8>,
    directory: Vec<u8>,
    count: u16,
}

impl Zip {
    fn add(&mut self, name: &[u8], content: &[u8]) {
        let mut packer = DeflateEncoder::new(Vec::new(), Compression::default());
        packer.write_all(content).expect("packed");
        self.put(name, 0, 8, content, &packer.finish().expect("packed"));
    }

    fn store(&mut self, name: &[u8], content: &[u8]) {
        self.put(name, 0, 0, content, content);
    }

    fn put(&mut self, name: &[u8], flags: u16, method: u16, content: &[u8], packed: &[u8]) {
        let mut sum = flate2::Crc::new();
        sum.update(content);
        let header = self.bytes.len() as u32;
        let mut fields = Vec::new();
        fields.extend(20_u16.to_le_bytes());
        fields.extend(flags.to_le_bytes());
        fields.extend(method.to_le_bytes());
        fields.extend([0; 4]);
        fields.extend(sum.sum().to_le_bytes());
        fields.extend((packed.len() as u32).to_le_bytes());
        fields.extend((content.len() as u32).to_le_bytes());
        fields.extend((name.len() as u16).to_le_bytes());
        fields.extend([0; 2]);
        self.bytes.extend(b"PK\x03\x04");
        self.bytes.extend(&fields);
        self.bytes.extend(name);
        self.bytes.extend(packed);
        self.directory.extend(b"PK\x01\x02\x14\0");
        self.directory.extend(&fields);
        self.directory.extend([0; 10]);
        self.directory.extend(header.to_le_bytes());
        self.directory.extend(name);
        self.count += 1;
    }

    fn finish(mut self) -> Vec<u8> {
        let at = self.bytes.len() as u32;
        self.bytes.extend(&self.directory);
        self.bytes.extend(b"PK\x05\x06\0\0\0\0");
        self.bytes.extend(self.count.to_le_bytes());
        self.bytes.extend(self.count.to_le_bytes());
        self.bytes.extend((self.directory.len() as u32).to_le_bytes());
        self.bytes.extend(at.to_le_bytes());
        self.bytes.extend([0; 2]);
        self.bytes
    }
}

fn gz(content: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    packer.write_all(content).expect("packed");
    packer.finish().expect("packed")
}

fn record(kind: &str, address: &str, block: &[u8]) -> Vec<u8> {
    let mut record = format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {address}\r\nContent-Length: {}\r\n\r\n",
        block.len()
    )
    .into_bytes();
    record.extend(block);
    record.extend(b"\r\n\r\n");
    record
}

fn answer(address: &str, head: &str, body: &[u8]) -> Vec<u8> {
    record("response", address, &[format!("{head}\r\n\r\n").as_bytes(), body].concat())
}

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8";
const PAGE: &str =
    "<html><body><h1>云溪市侨联工作总结</h1><p>一年来，各项工作迈上新台阶。</p></body></html>";

#[test]
fn names_in_gbk_and_big5_are_read() {
    for (encoding, names) in [
        (
            encoding_rs::GB18030,
            ["报告汇编/云溪市侨联2020年工作总结.txt", "报告汇编/说明：一份调查.txt"],
        ),
        (
            encoding_rs::BIG5,
            ["報告彙編/南埔市僑聯二〇二〇年工作報告.txt", "報告彙編/各縣市僑界的調查與建議.txt"],
        ),
        (encoding_rs::UTF_8, ["报告汇编/云溪市侨联2020年工作总结.txt", "报告汇编/說明.txt"]),
    ] {
        let mut zip = Zip::default();
        for name in names {
            zip.add(&encoding.encode(name).0, b"text");
        }
        assert_eq!(all("a.zip", &zip.finish()).paths(), names, "{}", encoding.name());
    }
}

#[test]
fn names_that_lead_elsewhere_are_labels_only() {
    let mut zip = Zip::default();
    for name in ["../../../etc/报告.txt", "/abs/报告.txt", r"C:\x\..\..\报告.txt"] {
        zip.add(name.as_bytes(), b"text");
    }
    assert_eq!(all("a.zip", &zip.finish()).paths(), ["etc/报告.txt", "abs/报告.txt", "x/报告.txt"]);
}

#[test]
fn containers_in_containers_are_opened_to_a_depth() {
    let mut inner = Zip::default();
    inner.add("内.txt".as_bytes(), "正文".as_bytes());
    let mut bytes = inner.finish();
    for depth in 0..6 {
        let mut zip = Zip::default();
        let name = format!("{depth}.zip");
        if depth % 2 == 0 {
            zip.add(name.as_bytes(), &bytes);
        } else {
            zip.store(name.as_bytes(), &bytes);
        }
        zip.add(format!("{depth}.txt").as_bytes(), b"text");
        bytes = zip.finish();
        let found = all("a.zip", &bytes);
        if depth == 1 {
            assert_eq!(found.paths(), ["1.zip!/0.zip!/内.txt", "1.zip!/0.txt", "1.txt"]);
        }
        if depth == 5 {
            assert_eq!(found.entries.len(), 5);
            assert!(matches!(found.failed[0].1, ImportError::Unsupported { .. }), "{found:?}");
        }
    }
}

#[test]
fn bombs_are_refused_early() {
    let zeros = vec![b'0'; 48 << 20];
    let mut packer = DeflateEncoder::new(Vec::new(), Compression::best());
    packer.write_all(&zeros).expect("packed");
    let packed = packer.finish().expect("packed");
    let mut zip = Zip::default();
    (0..40).for_each(|n| zip.put(format!("{n}.txt").as_bytes(), 0, 8, &zeros, &packed));
    let limits = Limits { unpacked: 64 << 20, ..Limits::default() };
    let refused = walk_with("a.zip", &zip.finish(), &Options::default(), &limits);
    // 40 files of 48 KB packed: 64 MiB and a hundred times 1.9 MB are allowed.
    assert!(matches!(refused, Err(ImportError::Bomb { .. })), "{refused:?}");

    // Overlapping files: each entry of the directory points to the same bytes.
    let mut zip = Zip::default();
    zip.put(b"0.txt", 0, 8, &zeros, &packed);
    let entry = zip.directory.clone();
    (0..200).for_each(|_| zip.directory.extend(&entry));
    zip.count += 200;
    let refused = walk_with("a.zip", &zip.finish(), &Options::default(), &limits);
    assert!(matches!(refused, Err(ImportError::Bomb { .. })), "{refused:?}");

    // One file of more than is read is a failure of its own; the next one is read.
    let mut zip = Zip::default();
    zip.add(b"large.txt", &vec![b'x'; 3 << 20]);
    zip.add(b"small.txt", b"text");
    let limits = Limits { file: 1 << 20, ..Limits::default() };
    let found = walk_with("a.zip", &zip.finish(), &Options::default(), &limits).expect("read");
    assert_eq!(found.paths(), ["small.txt"]);
    assert!(matches!(found.failed[0].1, ImportError::TooLarge { .. }), "{found:?}");

    // gzip in gzip.
    let bytes = (0..3).fold(zeros, |bytes, _| gz(&bytes));
    let limits = Limits { unpacked: 1 << 20, ..Limits::default() };
    let refused = walk_with("a.txt.gz.gz.gz", &bytes, &Options::default(), &limits);
    assert!(matches!(refused, Err(ImportError::Bomb { .. })), "{refused:?}");
}

/// PKWARE's cipher, for writing.
fn encrypt(password: &[u8], check: u8, content: &[u8]) -> Vec<u8> {
    fn step(crc: u32, byte: u8) -> u32 {
        (0..8).fold(
            crc ^ u32::from(byte),
            |c, _| if c & 1 == 1 { 0xEDB8_8320 ^ (c >> 1) } else { c >> 1 },
        )
    }
    let mut keys = [0x1234_5678_u32, 0x2345_6789, 0x3456_7890];
    let turn = |keys: &mut [u32; 3], byte: u8| {
        keys[0] = step(keys[0], byte);
        keys[1] = keys[1].wrapping_add(keys[0] & 0xFF).wrapping_mul(134_775_813).wrapping_add(1);
        keys[2] = step(keys[2], (keys[1] >> 24) as u8);
    };
    for &b in password {
        turn(&mut keys, b);
    }
    let head = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, check];
    head.iter()
        .chain(content)
        .map(|&byte| {
            let mixed = keys[2] | 2;
            let pad = (mixed.wrapping_mul(mixed ^ 1) >> 8) as u8;
            turn(&mut keys, byte);
            byte ^ pad
        })
        .collect()
}

#[test]
fn encrypted_files_want_their_password() {
    let text = "密文".as_bytes();
    let mut sum = flate2::Crc::new();
    sum.update(text);
    let mut zip = Zip::default();
    let packed = encrypt("侨联".as_bytes(), (sum.sum() >> 24) as u8, text);
    zip.put("秘密.txt".as_bytes(), 1, 0, text, &packed);
    zip.add("公开.txt".as_bytes(), b"text");
    let bytes = zip.finish();
    let read = |password| {
        let options = Options { password, ..Options::default() };
        walk_with("a.zip", &bytes, &options, &Limits::default()).expect("read")
    };
    let without = read(None);
    assert_eq!(without.failed, [("秘密.txt".to_owned(), ImportError::PasswordNeeded)]);
    assert_eq!(without.paths(), ["公开.txt"]);
    assert_eq!(read(Some("错")).failed, [("秘密.txt".to_owned(), ImportError::PasswordWrong)]);
    let opened = read(Some("侨联"));
    assert_eq!((opened.entries[0].bytes.as_slice(), opened.failed.len()), (text, 0));
}

#[test]
fn a_truncated_zip_gives_what_is_whole() {
    let mut zip = Zip::default();
    let text = (0..4_000).fold(String::new(), |text, n| text + "第" + &n.to_string() + "句。");
    for n in 0..5 {
        zip.add(format!("{n}.txt").as_bytes(), format!("{n}{text}").as_bytes());
    }
    let bytes = zip.finish();
    let cut = all("a.zip", &bytes[..bytes.len() / 2]);
    assert_eq!(cut.paths(), ["0.txt", "1.txt"]);
    assert!(cut.failed.iter().any(|(path, _)| path.is_empty()), "{:?}", cut.failed);
    // One flipped byte costs one file.
    let mut broken = bytes.clone();
    broken[bytes.len() / 2] ^= 0xFF;
    let found = all("a.zip", &broken);
    assert_eq!((found.entries.len(), found.failed.len()), (4, 1), "{:?}", found.failed);
}

#[test]
fn what_belongs_to_a_saved_page_is_passed_over() {
    let mut zip = Zip::default();
    for name in [
        "报告.html",
        "报告_files/frame.html",
        "报告_files/a.css",
        "别的_files/真的.html",
        "__MACOSX/._报告.html",
        "图.png",
        "数据.json",
    ] {
        zip.add(name.as_bytes(), b"text");
    }
    let found = all("a.zip", &zip.finish());
    assert_eq!(found.paths(), ["报告.html", "别的_files/真的.html"]);
    assert_eq!((found.ignored, found.failed.len()), (4, 1));
}

#[test]
fn documents_that_are_zip_archives_are_left_whole() {
    for (name, first) in [("a.docx", "x"), ("无名", "[Content_Types].xml"), ("a.bin", "mimetype")]
    {
        let mut zip = Zip::default();
        zip.store(first.as_bytes(), b"application/epub+zip");
        assert_eq!(kind(name, &zip.finish()), None, "{name}");
    }
}

#[test]
fn records_of_a_crawl_are_told_apart() {
    let other = "HTTP/1.1 200 OK\r\nContent-Type: image/png";
    let packed = gz(PAGE.as_bytes());
    let gzipped = format!("{OK}\r\nContent-Encoding: gzip");
    let warc = [
        record("warcinfo", "", b"software: x"),
        answer("http://a.cn/1.html", OK, PAGE.as_bytes()),
        record("request", "http://a.cn/1.html", b"GET / HTTP/1.1\r\n\r\n"),
        answer("http://a.cn/2.html", &gzipped, &packed),
        answer("http://a.cn/3.png", other, b"\x89PNG"),
        answer(
            "http://a.cn/4.html",
            "HTTP/1.1 404 Not Found\r\nContent-Type: text/html",
            b"<p>none",
        ),
        answer(
            "http://a.cn/5.html",
            "HTTP/1.1 302\r\nLocation: /1.html\r\nContent-Type: text/html",
            b"",
        ),
        record("revisit", "http://a.cn/1.html", b"HTTP/1.1 200 OK\r\n\r\n"),
        answer("http://a.cn/1.html", OK, PAGE.as_bytes()),
        answer("http://a.cn/6", "HTTP/1.1 200 OK", b"<!doctype html><p>x"),
        answer("http://a.cn/7", "HTTP/1.1 200 OK", b"\0\x01\x02"),
    ];
    let check = |found: &All| {
        let paths =
            ["http://a.cn/1.html", "http://a.cn/2.html", "http://a.cn/1.html#2", "http://a.cn/6"];
        assert_eq!(found.paths(), paths);
        assert_eq!(found.entries[1].bytes, PAGE.as_bytes());
        assert_eq!(found.entries[2].address.as_deref(), Some("http://a.cn/1.html"));
        let refused = ImportError::NotAReport { reason: Refusal::ErrorPage };
        assert_eq!(found.failed.len(), 2);
        assert!(found.failed.iter().all(|(_, error)| *error == refused));
        assert_eq!(found.ignored, 2);
    };
    check(&all("a.warc", &warc.concat()));
    // One member for each record, as is usual, or one for all.
    check(&all("a.warc.gz", &warc.iter().flat_map(|r| gz(r)).collect::<Vec<u8>>()));
    check(&all("a.warc.gz", &gz(&warc.concat())));
    // Where the user wants what was refused, too.
    let anyway = Options { anyway: true, ..Options::default() };
    let found = walk_with("a.warc", &warc.concat(), &anyway, &Limits::default()).expect("read");
    assert!(found.failed.is_empty(), "{:?}", found.failed);
    let refused: Vec<(&str, Option<Refusal>)> =
        found.entries.iter().map(|e| (e.path.as_str(), e.refused)).collect();
    let error = Some(Refusal::ErrorPage);
    assert_eq!(
        refused,
        [
            ("http://a.cn/1.html", None),
            ("http://a.cn/2.html", None),
            ("http://a.cn/4.html", error),
            ("http://a.cn/5.html", error),
            ("http://a.cn/1.html#2", None),
            ("http://a.cn/6", None),
        ]
    );
}

#[test]
fn a_broken_member_costs_its_record() {
    let pages: Vec<Vec<u8>> = (0..6)
        .map(|n| gz(&answer(&format!("http://a.cn/{n}.html"), OK, format!("{n}{PAGE}").as_bytes())))
        .collect();
    let mut broken = pages.clone();
    let middle = broken[2].len() / 2;
    broken[2][middle..middle + 8].fill(0xAA);
    let found = all("a.warc.gz", &broken.concat());
    let rest = [
        "http://a.cn/0.html",
        "http://a.cn/1.html",
        "http://a.cn/3.html",
        "http://a.cn/4.html",
        "http://a.cn/5.html",
    ];
    assert_eq!(found.paths(), rest);
    assert!(!found.failed.is_empty());
    let whole = pages.concat();
    let cut = all("a.warc.gz", &whole[..whole.len() - pages[5].len() / 2]);
    assert_eq!(cut.entries.len(), 5);
    assert!(matches!(&cut.failed[0].1, ImportError::Damaged { .. }), "{:?}", cut.failed);
}

#[test]
fn a_wacz_gives_its_pages() {
    let warc: Vec<u8> = ["http://a.cn/1.html", "https://a.cn/frame.html", "https://a.cn/2.html"]
        .iter()
        .flat_map(|address| gz(&answer(address, OK, PAGE.as_bytes())))
        .collect();
    let mut zip = Zip::default();
    zip.add(b"datapackage.json", b"{}");
    zip.add(
        b"pages/pages.jsonl",
        b"{\"format\": \"json-pages-1.0\"}\n{\"url\": \"https://a.cn/1.html#top\"}\n{\"url\": \"https://a.cn/2.html\", \"text\": \"x\"}\n",
    );
    zip.store(b"archive/data.warc.gz", &warc);
    zip.add(b"indexes/index.cdx", b"x");
    let zip = zip.finish();
    let found = all("采集.wacz", &zip);
    assert_eq!(
        found.paths(),
        ["archive/data.warc.gz!/http://a.cn/1.html", "archive/data.warc.gz!/https://a.cn/2.html"]
    );
    let part = ImportError::NotAReport { reason: Refusal::PartOfPage };
    assert_eq!(found.failed.iter().map(|f| &f.1).collect::<Vec<_>>(), [&part]);
    let anyway = Options { anyway: true, ..Options::default() };
    let found = walk_with("采集.wacz", &zip, &anyway, &Limits::default()).expect("read");
    assert_eq!(found.entries.iter().filter(|e| e.refused.is_some()).count(), 1);
}

#[test]
fn tar_and_gzip_are_opened() {
    let mut tar = Vec::new();
    for (name, content) in [("报告/一.txt", "正文一"), ("报告/二.txt", "正文二")] {
        let mut header = [0_u8; 512];
        header[..name.len()].copy_from_slice(name.as_bytes());
        header[124..135].copy_from_slice(format!("{:011o}", content.len()).as_bytes());
        header[156] = b'0';
        header[257..262].copy_from_slice(b"ustar");
        tar.extend(header);
        tar.extend(content.as_bytes());
        tar.resize(tar.len().next_multiple_of(512), 0);
    }
    tar.extend([0; 1024]);
    assert_eq!(all("a.tar", &tar).paths(), ["报告/一.txt", "报告/二.txt"]);
    let packed = all("a.tgz", &gz(&tar));
    assert_eq!(packed.paths(), ["报告/一.txt", "报告/二.txt"]);
    assert_eq!(packed.entries[1].bytes, "正文二".as_bytes());
    let one = all("报告.html.gz", &gz(PAGE.as_bytes()));
    assert_eq!((one.paths(), one.entries[0].name.as_str()), (vec!["报告.html"], "报告.html"));
}

#[test]
fn a_walk_stops_when_asked() {
    let mut zip = Zip::default();
    (0..9).for_each(|n| zip.add(format!("{n}.txt").as_bytes(), b"text"));
    let bytes = zip.finish();
    let mut met = 0;
    let mut visit = |_| {
        met += 1;
        if met == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let (options, limits) = (Options::default(), Limits::default());
    walk(Kind::Zip, "a.zip", &mut Cursor::new(&bytes), &options, &limits, &mut visit)
        .expect("stopped");
    assert_eq!(met, 3);
    let cancel = true.into();
    let options = Options { cancel: Some(&cancel), ..Options::default() };
    let stopped = walk_with("a.zip", &bytes, &options, &limits);
    assert!(matches!(stopped, Err(ImportError::Cancelled)));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_survived(
        start in proptest::sample::select(vec![
            &b"PK\x03\x04"[..],
            b"PK\x05\x06",
            b"\x1F\x8B\x08\0",
            b"WARC/1.0\r\n",
            b"filedesc://x 0 20200101 text/plain 9\n",
        ]),
        rest in proptest::collection::vec(any::<u8>(), 0..600),
    ) {
        let bytes = [start, &rest].concat();
        if let Some(kind) = kind("a", &bytes) {
            let limits = Limits { unpacked: 1 << 20, ..Limits::default() };
            let _ = walk(kind, "a", &mut Cursor::new(&bytes), &Options::default(), &limits, &mut |_| ControlFlow::Continue(()));
        }
    }

    #[test]
    fn a_container_changed_anywhere_is_survived(
        at in 0..4000_usize,
        to in any::<u8>(),
        cut in 0..4000_usize,
        which in 0..3_u8,
    ) {
        let mut zip = Zip::default();
        zip.add("报告.txt".as_bytes(), PAGE.as_bytes());
        zip.store(b"a.warc", &answer("http://a.cn/1.html", OK, PAGE.as_bytes()));
        let zip = zip.finish();
        let mut bytes = match which {
            0 => zip,
            1 => gz(&zip),
            _ => [answer("http://a.cn/1.html", OK, PAGE.as_bytes()), answer("http://a.cn/z.zip", "HTTP/1.1 200 OK\r\nContent-Type: application/zip", &zip)].concat(),
        };
        let length = bytes.len();
        bytes[at % length] = to;
        bytes.truncate(length - cut % (length / 2));
        if let Some(kind) = kind("a", &bytes) {
            let limits = Limits { unpacked: 1 << 20, ..Limits::default() };
            let _ = walk(kind, "a", &mut Cursor::new(&bytes), &Options::default(), &limits, &mut |_| ControlFlow::Continue(()));
        }
    }
}

/// Addresses of the HTML answers of a WARC file, counted without the walk.
fn html_answers(bytes: &[u8]) -> Vec<String> {
    let mut unpacked = Vec::new();
    if bytes.starts_with(b"\x1F\x8B") {
        // As far as it goes.
        let _ = MultiGzDecoder::new(bytes).read_to_end(&mut unpacked);
    } else {
        unpacked = bytes.to_vec();
    }
    let mut addresses = Vec::new();
    let mut rest = unpacked.as_slice();
    let find = |bytes: &[u8], what: &[u8]| bytes.windows(what.len()).position(|w| w == what);
    while let Some(at) = find(rest, b"WARC/1.") {
        rest = &rest[at..];
        let end = find(rest, b"\r\n\r\n").unwrap_or(rest.len());
        let head = String::from_utf8_lossy(&rest[..end]).to_ascii_lowercase();
        let exact = String::from_utf8_lossy(&rest[..end]).into_owned();
        let field = |text: &str, name: &str| {
            text.lines().find_map(|l| l.strip_prefix(name).map(|v| v.trim().to_owned()))
        };
        let length: usize =
            field(&head, "content-length:").and_then(|v| v.parse().ok()).unwrap_or(0);
        let block = rest.get(end + 4..(end + 4 + length).min(rest.len())).unwrap_or_default();
        if field(&head, "warc-type:").as_deref() == Some("response") && block.len() == length {
            let head_end = find(block, b"\r\n\r\n").unwrap_or(block.len());
            let http = String::from_utf8_lossy(&block[..head_end]).to_ascii_lowercase();
            let media = field(&http, "content-type:").unwrap_or_default();
            if media.starts_with("text/html")
                && let Some(uri) = field(&exact, "WARC-Target-URI:").filter(|u| u.contains("://"))
            {
                addresses.push(uri.trim_matches(['<', '>']).to_owned());
            }
        }
        rest = rest.get(end + 4 + length..).unwrap_or_default();
    }
    addresses
}

/// The sample files of the shared material: every HTML record is imported or refused with a reason.
#[test]
fn every_html_record_is_imported_or_refused() {
    let Some(folder) = material::corpus("formats", "files/warc") else { return };
    let mut files = Vec::new();
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            match entry.path() {
                path if path.is_dir() => folders.push(path),
                path => files.push(path),
            }
        }
    }
    files.sort();
    let (mut records, mut imported, mut refused, mut missed) = (0, 0, 0, 0);
    let (mut plain, mut truncated) = (0, 0);
    for path in &files {
        let bytes = std::fs::read(path).expect("readable");
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let Some(kind) = kind(&name, &bytes[..bytes.len().min(1024)]) else { continue };
        let mut found = All::default();
        let walked = walk(
            kind,
            &name,
            &mut Cursor::new(&bytes),
            &Options::default(),
            &Limits::default(),
            &mut |f| {
                match f {
                    Found::Entry(entry) => found.entries.push(entry),
                    Found::Failed { path, error, .. } => found.failed.push((path, error)),
                    Found::Ignored => found.ignored += 1,
                }
                ControlFlow::Continue(())
            },
        );
        assert!(walked.is_ok(), "{name}: {walked:?}");
        let met: Vec<&str> =
            found.paths().into_iter().chain(found.failed.iter().map(|f| f.0.as_str())).collect();
        for address in html_answers(&bytes) {
            records += 1;
            let there = met
                .iter()
                .any(|path| path.ends_with(&address) || path.contains(&format!("{address}#")));
            if !there {
                missed += 1;
                println!("missed: {} {address}", path.display());
            }
        }
        let mut read = 0;
        for entry in &found.entries {
            match import(Source { name: &entry.name, bytes: &entry.bytes }) {
                Ok(_) => read += 1,
                Err(error) => {
                    refused += 1;
                    if std::env::var("ANJUAN_MISSES").as_deref() == Ok("warc") {
                        println!("refused: {name} {} {error}", entry.path);
                    }
                }
            }
        }
        if std::env::var("ANJUAN_MISSES").as_deref() == Ok("warc") {
            println!(
                "{name}: {read} read, {} failed, {} ignored",
                found.failed.len(),
                found.ignored
            );
            found.failed.iter().for_each(|f| println!("   {f:?}"));
        }
        refused += found.failed.iter().filter(|f| !f.0.is_empty()).count();
        imported += read;
        match name.as_str() {
            "zh_pages_plain.warc.gz" => plain = read,
            "truncated.warc.gz" => truncated = read,
            _ => {}
        }
    }
    println!(
        "warc: {records} HTML records in {} files, {missed} missed; {imported} files imported, {refused} refused; \
         of the 60 Chinese pages {plain}, of the truncated archive's 42 whole ones {truncated}",
        files.len()
    );
    assert_eq!(missed, 0);
    // Some of them are lists, and refused as such.
    assert!(plain >= 57 && truncated >= 38, "{plain} and {truncated}");
}
