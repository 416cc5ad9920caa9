//! `duongve import cases FILE --as NAME`: a commune's list from the command line.

use super::{
    Outcome, cage,
    model::{Fate, Sheet, file::MAX_BYTES},
    refused,
};
use crate::{
    app::{App, Refused},
    base::{lang::Lang, refusal::Invalid},
    exports::Format,
    policy::{Actor, AreaCode, acts::ImportCases},
};
use indicatif::{ProgressBar, ProgressStyle};
use std::{
    io::{IsTerminal, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

/// Brings in a commune's list. A batch goes in whole or not at all; refused rows come back in a file that can be mended and
/// imported again; a list that was imported before adds nobody twice.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// The list as .xlsx, or as CSV in Unicode: columns in any order, Vietnamese headings, title rows, `,` `;` or tab
    pub file: PathBuf,
    /// Sign-in name of the commune's supervisor; the password is asked for
    #[arg(long = "as", value_name = "NAME")]
    pub name: String,
    /// Code of the commune; else the supervisor's own
    #[arg(long, value_name = "CODE")]
    pub commune: Option<AreaCode>,
    /// Only show what would happen to each row
    #[arg(long)]
    pub dry_run: bool,
    /// Open nothing if any row is refused
    #[arg(long)]
    pub strict: bool,
    /// The result as JSON on standard output
    #[arg(long)]
    pub json: bool,
    /// Where refused rows go; else beside the list, as `…-bi-tu-choi.csv` or `.xlsx`. Never over a file that is there
    #[arg(long, value_name = "FILE")]
    pub refused: Option<PathBuf>,
}

/// Runs the command as a signed-in user and writes what became of each row to `out`.
///
/// `true`: every row was taken or is there already. `false`: some were refused (exit status 1 for a script).
///
/// # Errors
/// [`Refused::Invalid`] on `file`: it cannot be read as a list, and nothing was done. [`Refused::Fault`]: the policy does not
/// allow it, or the database failed, and nothing was done.
pub async fn run(app: &App, actor: Arc<Actor>, args: &Args, out: &mut impl Write) -> Result<bool, Refused> {
    let lang = actor.lang();
    let area = args.commune.clone().unwrap_or_else(|| actor.area().clone());
    let grant = app.store().permit::<ImportCases>(&actor, area.clone()).await?;
    let sheet = cage::read(&app.settings().program, bytes(&args.file)?).await?;
    let outcome = if args.dry_run {
        super::preview(app.store(), &grant, &sheet).await?
    } else {
        let bar = bar(args.json);
        let told = |done: usize, all: usize| {
            bar.set_length(all as u64);
            bar.set_position(done as u64);
        };
        let outcome = super::bring_in(app.store(), grant, &sheet, args.strict, told).await;
        bar.finish_and_clear();
        outcome?
    };
    // What went in is in; only then the file of the others, so that it never speaks of a batch that failed.
    let kept = keep_refused(args, &sheet, &outcome, lang)?;
    let told = Told { args, area: &area, sheet: &sheet, outcome: &outcome, kept: kept.as_deref(), lang };
    let text = if args.json { told.json() } else { told.text() };
    writeln!(out, "{text}").map_err(|error| not_written(Path::new("-"), &error))?;
    Ok(outcome.refused == 0)
}

fn not_read(path: &Path, error: &std::io::Error) -> Refused {
    Invalid::telling("file", "file_not_read", format!("{}: {error}", path.display())).into()
}

fn not_written(path: &Path, error: &std::io::Error) -> Refused {
    Invalid::telling("file", "file_not_written", format!("{}: {error}", path.display())).into()
}

/// The file, not more of it than may be read.
fn bytes(path: &Path) -> Result<Vec<u8>, Refused> {
    let size = std::fs::metadata(path).map_err(|error| not_read(path, &error))?.len();
    if size > MAX_BYTES as u64 {
        return Err(Invalid::telling("file", "file_too_large", (MAX_BYTES / 1024 / 1024).to_string()).into());
    }
    std::fs::read(path).map_err(|error| not_read(path, &error))
}

/// On a terminal only: a log has no use for it.
fn bar(json: bool) -> ProgressBar {
    if json || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{wide_bar} {pos}/{len} · {eta}");
    ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// Writes the refused rows. A preview writes them only where it is told to.
fn keep_refused(args: &Args, sheet: &Sheet, outcome: &Outcome, lang: Lang) -> Result<Option<PathBuf>, Refused> {
    if args.dry_run && args.refused.is_none() {
        return Ok(None);
    }
    let format = match &args.refused {
        Some(path) if path.extension().is_some_and(|end| end.eq_ignore_ascii_case("xlsx")) => Format::Xlsx,
        None if !sheet.sheet.is_empty() => Format::Xlsx,
        _ => Format::Csv,
    };
    let Some(bytes) = refused::file(sheet, &outcome.rows, lang, format)? else { return Ok(None) };
    let (path, mut file) = match &args.refused {
        Some(path) => (path.clone(), new_file(path).map_err(|error| not_written(path, &error))?),
        None => new_beside(&args.file, format)?,
    };
    file.write_all(&bytes).map_err(|error| not_written(&path, &error))?;
    Ok(Some(path))
}

/// A file of one's own that was not there: somebody may be mending an earlier one.
fn new_file(path: &Path) -> std::io::Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn new_beside(list: &Path, format: Format) -> Result<(PathBuf, std::fs::File), Refused> {
    let stem = list.file_stem().unwrap_or_default().to_string_lossy();
    let mut last = None;
    for again in 1..100 {
        let number = if again == 1 { String::new() } else { format!("-{again}") };
        let path = list.with_file_name(format!("{stem}-bi-tu-choi{number}.{}", format.as_str()));
        match new_file(&path) {
            Ok(file) => return Ok((path, file)),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => last = Some((path, error)),
            Err(error) => return Err(not_written(&path, &error)),
        }
    }
    let (path, error) = last.unwrap_or_else(|| (list.to_owned(), std::io::ErrorKind::AlreadyExists.into()));
    Err(not_written(&path, &error))
}

/// The result on its way to a reader.
struct Told<'a> {
    args: &'a Args,
    area: &'a AreaCode,
    sheet: &'a Sheet,
    outcome: &'a Outcome,
    kept: Option<&'a Path>,
    lang: Lang,
}

impl Told<'_> {
    /// Was anything written, or is this what would be?
    fn is_done(&self) -> bool {
        self.outcome.import.is_some()
    }

    fn text(&self) -> String {
        let (lang, outcome) = (self.lang, self.outcome);
        let n = |key: &str, number: usize| lang.with(key, &[("n", number.into())]);
        let mut lines = Vec::new();
        if !self.sheet.sheet.is_empty() {
            lines.push(lang.with("imports-sheet", &[("x", self.sheet.sheet.clone().into())]));
        }
        if !self.sheet.other_sheets.is_empty() {
            lines.push(lang.with("imports-other-sheets", &[("x", self.sheet.other_sheets.join(", ").into())]));
        }
        for row in &outcome.rows {
            let (fate, words) = refused::told(self.sheet, row, self.lang);
            // A real run tells what needs a hand; a preview every row.
            if self.args.dry_run || fate == "refused" || !words.is_empty() {
                let said = lang.say(&format!("imports-fate-{fate}"));
                let words = if words.is_empty() { String::new() } else { format!(" ({})", words.join("; ")) };
                let line = lang.with("imports-line", &[("n", row.line.into())]);
                lines.push(format!("{line}: {} · {said}{words}", row.name));
            }
        }
        let ignored = self.sheet.ignored();
        if !ignored.is_empty() {
            lines.push(lang.with("imports-ignored", &[("x", ignored.join(", ").into())]));
        }
        if !self.sheet.passed_over.is_empty() {
            let of: Vec<String> = self.sheet.passed_over.iter().map(ToString::to_string).collect();
            lines.push(lang.with("imports-passed-over", &[("x", of.join(", ").into())]));
        }
        if outcome.rows.is_empty() {
            lines.push(lang.say("imports-no-rows"));
        }
        let opened = match (self.is_done(), self.args.dry_run) {
            (true, _) => "imports-opened",
            (false, true) => "imports-would-open",
            (false, false) => "imports-opened-none",
        };
        lines.push(n(opened, outcome.opened));
        for (key, number) in [
            ("imports-unassigned", outcome.unassigned),
            ("imports-there", outcome.there),
            ("imports-refused", outcome.refused),
        ] {
            if number > 0 {
                lines.push(n(key, number));
            }
        }
        if let Some(kept) = self.kept {
            lines.push(lang.with("imports-kept", &[("x", kept.display().to_string().into())]));
        }
        // A file's cell must not move the cursor of whoever reads this.
        lines.iter().map(|line| line.replace(|c: char| c.is_control(), " ")).collect::<Vec<_>>().join("\n")
    }

    fn json(&self) -> String {
        let outcome = self.outcome;
        let rows: Vec<serde_json::Value> = outcome
            .rows
            .iter()
            .map(|row| {
                let (fate, _) = refused::told(self.sheet, row, self.lang);
                let (refusals, key) = match &row.fate {
                    Fate::Refused(invalid) => (&invalid.0, "fault"),
                    _ => (&row.notes, "note"),
                };
                let told = refusals.iter().map(|refusal| {
                    let message = match key {
                        "fault" => refused::fault(refusal, self.lang),
                        _ => refused::note(refusal, self.lang),
                    };
                    serde_json::json!({
                        "field": refusal.field, "heading": self.sheet.heading_of(&refusal.field), "code": refusal.code,
                        "message": message,
                    })
                });
                let told: Vec<_> = told.collect();
                let (errors, notes) = if key == "fault" { (told, Vec::new()) } else { (Vec::new(), told) };
                serde_json::json!({"line": row.line, "name": row.name, "fate": fate, "errors": errors, "notes": notes})
            })
            .collect();
        let columns: Vec<serde_json::Value> = self
            .sheet
            .columns
            .iter()
            .filter_map(|column| Some(serde_json::json!({"heading": column.heading, "field": column.field?.as_str()})))
            .collect();
        serde_json::json!({
            "commune": self.area.0,
            "dry_run": self.args.dry_run,
            "import": outcome.import.map(|import| import.to_string()),
            "opened": if self.is_done() || self.args.dry_run { outcome.opened } else { 0 },
            "unassigned": if self.is_done() || self.args.dry_run { outcome.unassigned } else { 0 },
            "there": outcome.there,
            "refused": outcome.refused,
            "sheet": self.sheet.sheet,
            "other_sheets": self.sheet.other_sheets,
            "columns": columns,
            "ignored_columns": self.sheet.ignored(),
            "passed_over_lines": self.sheet.passed_over,
            "refused_file": self.kept.map(|kept| kept.display().to_string()),
            "rows": rows,
        })
        .to_string()
    }
}
