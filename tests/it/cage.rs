//! Hostile files: each is refused with its own word by a process of its own, which may die of it; the server lives, stays
//! small and goes on answering.

use duongve::{app::Refused, imports::cage};
use flate2::{Compression, Crc, write::DeflateEncoder};
use std::{
    fmt::Write as _,
    io::Write as _,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// An entry of a zip file, with what its headings say of it, true or not.
struct Entry {
    name: String,
    body: Vec<u8>,
    packed: bool,
    says: u32,
    flags: u16,
    /// Where the directory says that it begins; else where it does.
    offset: Option<u32>,
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn entry(name: &str, text: impl AsRef<[u8]>) -> Entry {
    let text = text.as_ref();
    Entry { name: name.into(), body: deflated(text), packed: true, says: text.len() as u32, flags: 0, offset: None }
}

/// The file; checksums are left out (nought), for nobody who is safe looks at them before the sizes.
fn zip(entries: &[Entry]) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for entry in entries {
        let offset = entry.offset.unwrap_or(file.len() as u32);
        let mut crc = Crc::new();
        let unpacked = if entry.packed && entry.says < 4_000_000 {
            let mut bytes = Vec::new();
            let _cut = std::io::Read::read_to_end(&mut flate2::read::DeflateDecoder::new(&entry.body[..]), &mut bytes);
            bytes
        } else {
            Vec::new()
        };
        crc.update(&unpacked);
        let method: u16 = if entry.packed { 8 } else { 0 };
        let mut common = Vec::new();
        for number in [20, entry.flags, method, 0, 0] {
            common.extend(number.to_le_bytes());
        }
        for number in [crc.sum(), entry.body.len() as u32, entry.says] {
            common.extend(number.to_le_bytes());
        }
        common.extend((entry.name.len() as u16).to_le_bytes());
        common.extend([0, 0]);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(entry.name.as_bytes());
        file.extend(b"PK\x03\x04");
        file.extend(&common);
        file.extend(entry.name.as_bytes());
        file.extend(&entry.body);
    }
    let (begin, count) = (file.len() as u32, (entries.len() % 65_536) as u16);
    file.extend(&directory);
    file.extend(b"PK\x05\x06\0\0\0\0");
    for number in [count, count] {
        file.extend(number.to_le_bytes());
    }
    for number in [directory.len() as u32, begin] {
        file.extend(number.to_le_bytes());
    }
    file.extend([0, 0]);
    file
}

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const REL: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// The parts of a workbook beside its sheets and strings.
fn frame(sheets: usize) -> Vec<Entry> {
    let (mut list, mut links, mut types) = (String::new(), String::new(), String::new());
    for n in 1..=sheets {
        write!(list, "<sheet name=\"S{n}\" sheetId=\"{n}\" r:id=\"rId{n}\"/>").unwrap();
        write!(links, "<Relationship Id=\"rId{n}\" Type=\"{REL}/worksheet\" Target=\"worksheets/sheet{n}.xml\"/>")
            .unwrap();
    }
    write!(types, "<Default Extension=\"xml\" ContentType=\"application/xml\"/>").unwrap();
    vec![
        entry(
            "[Content_Types].xml",
            format!(
                "{HEAD}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">{types}</Types>"
            ),
        ),
        entry(
            "_rels/.rels",
            format!(
                "{HEAD}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"{REL}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        entry(
            "xl/workbook.xml",
            format!("{HEAD}<workbook xmlns=\"{MAIN}\" xmlns:r=\"{REL}\"><sheets>{list}</sheets></workbook>"),
        ),
        entry(
            "xl/_rels/workbook.xml.rels",
            format!(
                "{HEAD}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{links}<Relationship Id=\"rIdS\" Type=\"{REL}/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>"
            ),
        ),
    ]
}

fn sheet(rows: &str) -> String {
    format!("{HEAD}<worksheet xmlns=\"{MAIN}\"><sheetData>{rows}</sheetData></worksheet>")
}

/// A heading and one person, so that whatever comes after it is read.
fn people() -> String {
    let cell = |at: &str, text: &str| format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>");
    format!(
        "<row r=\"1\">{}{}</row><row r=\"2\">{}{}</row>",
        cell("A1", "Họ tên"),
        cell("B1", "Diện"),
        cell("A2", "Lê Văn A"),
        cell("B2", "án treo")
    )
}

fn book_of(sheet_xml: impl AsRef<[u8]>, more: Vec<Entry>) -> Vec<u8> {
    let mut entries = frame(1);
    entries.push(entry("xl/worksheets/sheet1.xml", sheet_xml));
    entries.extend(more);
    zip(&entries)
}

/// One entry of a workbook told otherwise.
fn with(change: impl FnOnce(&mut Vec<Entry>)) -> Vec<u8> {
    let mut entries = frame(1);
    entries.push(entry("xl/worksheets/sheet1.xml", sheet(&people())));
    change(&mut entries);
    zip(&entries)
}

fn column(mut at: usize) -> String {
    let mut name = String::new();
    at += 1;
    while at > 0 {
        name.insert(0, char::from(b'A' + ((at - 1) % 26) as u8));
        at = (at - 1) / 26;
    }
    name
}

/// Two cells at the far ends of a sheet.
fn far_apart() -> Vec<u8> {
    let far = "<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>";
    book_of(sheet(&format!("{}{far}", people())), vec![])
}

fn shared_string(megabytes: usize, says: Option<u32>) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    let begin = format!("{HEAD}<sst xmlns=\"{MAIN}\"><si><t>");
    encoder.write_all(begin.as_bytes()).unwrap();
    let block = vec![b'A'; 1024 * 1024];
    for _ in 0..megabytes {
        encoder.write_all(&block).unwrap();
    }
    encoder.write_all(b"</t></si></sst>").unwrap();
    let length = begin.len() + megabytes * 1024 * 1024 + 15;
    let strings = Entry {
        name: "xl/sharedStrings.xml".into(),
        body: encoder.finish().unwrap(),
        packed: true,
        says: says.unwrap_or(length as u32),
        flags: 0,
        offset: None,
    };
    book_of(sheet(&people()), vec![strings])
}

/// Numbers that do not pack well, so that the ratio is an honest one.
fn noise(seed: &mut u64) -> u64 {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    *seed
}

fn many_cells(rows: usize, columns: usize) -> Vec<u8> {
    let mut seed = 88_172_645_463_325_252;
    let mut text = people();
    let names: Vec<String> = (0..columns).map(column).collect();
    for row in 3..rows + 3 {
        let row = row.to_string();
        write!(text, "<row r=\"{row}\">").unwrap();
        for name in &names {
            let number = (noise(&mut seed) % 1000).to_string();
            for piece in ["<c r=\"", name, &row, "\"><v>", &number, "</v></c>"] {
                text.push_str(piece);
            }
        }
        text.push_str("</row>");
    }
    book_of(sheet(&text), vec![])
}

/// Very many small strings: little to unpack, much to hold.
fn many_strings() -> Vec<u8> {
    let mut seed = 7;
    let mut block = String::new();
    while block.len() < 1_000_000 {
        write!(block, "<si><t>{:x}</t></si>", noise(&mut seed) % 4096).unwrap();
    }
    let mut text = format!("{HEAD}<sst xmlns=\"{MAIN}\">{}", block.repeat(45));
    text.push_str("</sst>");
    book_of(sheet(&people()), vec![entry("xl/sharedStrings.xml", text)])
}

/// Name, file, and the words with which it may be refused (none: it is read as if nothing were).
fn bombs() -> Vec<(&'static str, Vec<u8>, &'static [&'static str])> {
    let doctype = |kind: &str| sheet(&people()).replacen("<worksheet", &format!("{kind}<worksheet"), 1);
    let laughs: String =
        (1..10).map(|n| format!("<!ENTITY l{n} \"{}\">", format!("&l{};", n - 1).repeat(10))).collect();
    let laughs = doctype(&format!("<!DOCTYPE w [<!ENTITY l0 \"ha\">{laughs}]>")).replace("Lê Văn A", "&l9;");
    let outside = doctype("<!DOCTYPE w [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>").replace("Lê Văn A", "&x;");
    let deep = format!("{HEAD}<worksheet xmlns=\"{MAIN}\"><sheetData>{}", "<a>".repeat(1_500_000));
    let nested = zip(&[entry("inner.zip", zip(&[entry("inner.zip", far_apart())]))]);
    let whole = book_of(sheet(&people()), vec![]);
    let long_text = "A".repeat(200_000);
    let mut seed = 3;
    let noisy: String = (0..3_000_000).map(|_| char::from(b'a' + (noise(&mut seed) % 26) as u8)).collect();
    let wide: String = (0..5_000).map(|at| format!("<c r=\"{}3\"><v>{}</v></c>", column(at), at % 7)).collect();
    let backwards = format!("{}<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>", people());
    let csv = "Họ tên;Diện\n";
    vec![
        ("two cells a sheet apart", far_apart(), &["file_too_many_columns"]),
        ("60,000 rows of a thousand columns", sparse(), &["file_too_many_columns"]),
        ("20 million cells", packed_cells(), &["file_unpacks_too_large"]),
        ("a million and more honest cells", many_cells(7_000, 150), &["file_too_many_cells", "file_took_too_long"]),
        ("60,000 rows", many_cells(60_000, 3), &["file_too_many_rows", "file_took_too_long"]),
        (
            "5,000 columns",
            book_of(sheet(&format!("{}<row r=\"3\">{wide}</row>", people())), vec![]),
            &["file_too_many_columns"],
        ),
        ("a shared string of 600 MB", shared_string(600, None), &["file_unpacks_too_large"]),
        ("the same, said to be small", shared_string(600, Some(1_000)), &["file_unpacks_too_large"]),
        ("a shared string of 50 MB", shared_string(50, None), &["file_unpacks_too_large"]),
        ("very many small strings", many_strings(), &["file_too_greedy", "file_took_too_long"]),
        (
            "a cell longer than a spreadsheet holds",
            book_of(sheet(&people().replace("Lê Văn A", &long_text)), vec![]),
            &["file_cell_too_long"],
        ),
        (
            "a cell of three million letters",
            book_of(sheet(&people().replace("Lê Văn A", &noisy)), vec![]),
            &["file_cell_too_long"],
        ),
        ("a zip in a zip in a zip", nested, &["file_not_a_workbook"]),
        (
            "entries that overlap",
            with(|entries| {
                entries[3].offset = Some(0);
                entries[4].offset = Some(0)
            }),
            &["file_damaged"],
        ),
        (
            "an entry twice",
            with(|entries| {
                let again = entry("XL/worksheets/sheet1.xml", "x");
                entries.push(again)
            }),
            &["file_damaged"],
        ),
        ("sizes that lie upwards", with(|entries| entries[4].says += 5), &["file_damaged"]),
        ("sizes that lie downwards", with(|entries| entries[4].says -= 5), &["file_unpacks_too_large"]),
        (
            "100,000 entries",
            zip(&(0..100_000)
                .map(|n| Entry { name: format!("{n}"), body: vec![], packed: false, says: 0, flags: 0, offset: None })
                .collect::<Vec<_>>()),
            &["file_unpacks_too_large"],
        ),
        ("a password on its entries", with(|entries| entries[4].flags = 1), &["file_locked"]),
        ("cut off", whole[..whole.len() / 2].to_vec(), &["file_damaged"]),
        ("its end alone", whole[whole.len() - 22..].to_vec(), &["file_damaged"]),
        ("a billion laughs", book_of(laughs, vec![]), &["file_damaged"]),
        ("a file of the server as an entity", book_of(outside, vec![]), &["file_damaged"]),
        (
            "a million elements deep",
            book_of(deep, vec![]),
            &["file_damaged", "file_too_greedy", "file_unpacks_too_large", "file_no_heading"],
        ),
        ("names that climb", with(|entries| entries.push(entry("../../etc/cron.d/x", "x"))), &["file_damaged"]),
        (
            "names of another system that climb",
            with(|entries| entries.push(entry("..\\..\\x", "x"))),
            &["file_damaged"],
        ),
        ("3,000 sheets that are not there", zip(&frame(3_000)), &["file_damaged", "file_unpacks_too_large"]),
        (
            "1,500 empty sheets",
            {
                let mut all = frame(1_500);
                all.extend((1..=1_500).map(|n| entry(&format!("xl/worksheets/sheet{n}.xml"), sheet(""))));
                zip(&all)
            },
            &["file_no_heading"],
        ),
        ("rows that go backwards", book_of(sheet(&backwards), vec![]), &["file_damaged"]),
        ("text that says it is a workbook", with(|entries| entries.truncate(2)), &["file_not_a_workbook"]),
        (
            "an old workbook by another name",
            b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1rest".to_vec(),
            &["file_is_old_workbook"],
        ),
        ("a web page by another name", b"<html><body><table>".repeat(50_000), &["file_is_a_web_page"]),
        (
            "random bytes",
            (0..1_000_000).map(|_| noise(&mut seed) as u8).collect(),
            &["file_not_unicode", "file_no_heading", "file_in_old_encoding"],
        ),
        (
            "ten megabytes of commas",
            format!("{csv}{}", ",".repeat(9_900_000)).into_bytes(),
            &["file_too_many_columns", "file_too_greedy"],
        ),
        (
            "ten megabytes of small rows",
            format!("{csv}{}", "a;b\n".repeat(2_400_000)).into_bytes(),
            &["file_too_many_rows"],
        ),
        (
            "a quote that never closes",
            format!("{csv}\"{}", "a\n".repeat(4_000_000)).into_bytes(),
            &["file_unclosed_quote", "file_cell_too_long", "file_too_greedy"],
        ),
        ("eleven megabytes", vec![b'a'; 11 * 1024 * 1024], &["file_too_large"]),
        // Nobody runs what a workbook brings along; the list in it is a list like another.
        ("macros beside the list", with(|entries| entries.push(entry("xl/vbaProject.bin", "Sub Auto_Open()"))), &[]),
        (
            "a wrong kind said",
            with(|entries| entries[0] = entry("[Content_Types].xml", format!("{HEAD}<Types/>"))),
            &[],
        ),
    ]
}

/// A sheet of 60,000 rows with one cell in its thousandth column each.
fn sparse() -> Vec<u8> {
    let mut text = people();
    for row in 3..60_003 {
        write!(text, "<row r=\"{row}\"><c r=\"ALL{row}\"><v>{}</v></c></row>", row % 977).unwrap();
    }
    book_of(sheet(&text), vec![])
}

/// 20 million cells in some megabytes.
fn packed_cells() -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
    let begin = format!("{HEAD}<worksheet xmlns=\"{MAIN}\"><sheetData>{}", people());
    encoder.write_all(begin.as_bytes()).unwrap();
    let row = format!("<row>{}</row>", "<c><v>1</v></c>".repeat(1_000));
    for _ in 0..20_000 {
        encoder.write_all(row.as_bytes()).unwrap();
    }
    let length = begin.len() + 20_000 * row.len();
    let mut entries = frame(1);
    entries.push(Entry {
        name: "xl/worksheets/sheet1.xml".into(),
        body: encoder.finish().unwrap(),
        packed: true,
        says: length as u32,
        flags: 0,
        offset: None,
    });
    zip(&entries)
}

/// A line of `/proc/{process}/status`, in kilobytes.
fn status(process: u32, word: &str) -> Option<u64> {
    let text = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = text.lines().find(|line| line.starts_with(word))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// The cages that this process has open.
fn cages(parent: u32) -> Vec<u32> {
    let own: Vec<u32> = std::fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .collect();
    own.into_iter()
        .filter(|process| status(*process, "PPid:") == Some(u64::from(parent)))
        .filter(|process| {
            std::fs::read(format!("/proc/{process}/cmdline")).is_ok_and(|line| line.ends_with(b"\0cage\0"))
        })
        .collect()
}

/// Watches how much the cages of a process hold of their own, until it is dropped.
struct Watch {
    most: Arc<AtomicU64>,
    stop: Arc<AtomicBool>,
}

impl Watch {
    fn over(parent: u32) -> Watch {
        let watch = Watch { most: Arc::default(), stop: Arc::default() };
        let (most, stop) = (watch.most.clone(), watch.stop.clone());
        std::thread::spawn(move || {
            while !stop.load(Ordering::Relaxed) {
                let held: u64 = cages(parent).into_iter().filter_map(|cage| status(cage, "RssAnon:")).sum();
                most.fetch_max(held, Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(3));
            }
        });
        watch
    }

    fn megabytes(&self) -> u64 {
        self.most.load(Ordering::Relaxed) / 1024
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_duongve"))
}

async fn code(bytes: Vec<u8>) -> Option<&'static str> {
    match cage::read(program(), bytes).await {
        Ok(_) => None,
        Err(Refused::Invalid(invalid)) => Some(invalid.0[0].code),
        Err(other) => panic!("{other}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_bomb_is_refused_with_its_word_in_time_and_in_little_memory() {
    let all = bombs();
    assert!(all.len() >= 20);
    let watch = Watch::over(std::process::id());
    let mut longest = Duration::ZERO;
    for (name, bytes, words) in all {
        assert!(bytes.len() <= 11 * 1024 * 1024, "{name}: {} bytes", bytes.len());
        let (size, begun) = (bytes.len(), Instant::now());
        let told = code(bytes).await;
        let taken = begun.elapsed();
        println!("{name}: {size} bytes, {told:?} in {taken:?}");
        match told {
            Some(word) => assert!(words.contains(&word), "{name}: {word}"),
            None => assert!(words.is_empty(), "{name} was read"),
        }
        assert!(taken < Duration::from_secs(6), "{name}: {taken:?}");
        longest = longest.max(taken);
        for lang in [duongve::base::lang::Lang::Vi, duongve::base::lang::Lang::En] {
            let key = format!("fault-{}", told.unwrap_or("file_empty").replace('_', "-"));
            assert_ne!(lang.with(&key, &[("value", "1".into())]), key, "{name} is refused in the reader's language");
        }
    }
    println!("the cages held at most {} MB, the longest took {longest:?}", watch.megabytes());
    assert!(watch.megabytes() > 5, "the watch sees the cages");
    assert!(watch.megabytes() <= 96, "{} MB", watch.megabytes());
}

/// The plant: the usual call of the usual library on the same two cells. Run only by the test below, in a process that
/// is expected to die.
#[test]
#[ignore = "dies: run by the_usual_call_dies_of_two_cells"]
fn naive() {
    use calamine::{Reader, Xlsx};
    let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(far_apart())).unwrap();
    let range = book.worksheet_range("S1").unwrap();
    println!("read {:?}", range.get_size());
}

#[test]
fn the_usual_call_dies_of_two_cells() {
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "cage::naive", "--nocapture", "--test-threads=1"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && !String::from_utf8_lossy(&output.stdout).contains("read ("), "{said}");
    assert_eq!(std::os::unix::process::ExitStatusExt::signal(&output.status), Some(6), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cage_that_nobody_waits_for_is_ended() {
    // A reader that never gets its file's end waits; whoever waits for it goes away.
    let bytes = many_cells(6_000, 150);
    let waiting = tokio::spawn(async move { code(bytes).await });
    let mine = std::process::id();
    let mut seen = Vec::new();
    for _ in 0..2_000 {
        seen = cages(mine);
        if !seen.is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert!(!seen.is_empty(), "a cage was opened");
    waiting.abort();
    let gone = async {
        while seen.iter().any(|cage| Path::new(&format!("/proc/{cage}")).exists() && status(*cage, "VmRSS:").is_some())
        {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_millis(1_000), gone).await.expect("the cage is ended with its reader");
}

/// Nothing of the surroundings is in the cage: no variable, no open file, no way to make one.
#[test]
fn the_cage_has_bars_before_it_reads() {
    let mut child = std::process::Command::new(program())
        .arg("cage")
        .env_clear()
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let limits = format!("/proc/{}/limits", child.id());
    let mut text = String::new();
    for _ in 0..500 {
        text = std::fs::read_to_string(&limits).unwrap();
        if text.lines().any(|line| line.starts_with("Max core file size") && line.contains(" 0 "))
            && text.contains("83886080")
        {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    for (what, most) in
        [("Max data size", "83886080"), ("Max cpu time", "4"), ("Max open files", "3"), ("Max file size", "0")]
    {
        let line = text.lines().find(|line| line.starts_with(what)).unwrap();
        assert!(line[what.len()..].split_whitespace().take(2).all(|limit| limit == most), "{line}");
    }
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success(), "an empty file is refused in words");
}
