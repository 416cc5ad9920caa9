//! What every page has around it: words, frame, navigation.

use super::{Oops, request::At};
use crate::{
    app::App,
    base::{
        lang::{Lang, Value},
        text,
        time::{days_between, plus_days},
    },
    policy::{Act, Actor, acts},
    store::Store,
};
use askama::Template;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use sha2::{Digest, Sha256};
use std::{borrow::Borrow, sync::LazyLock};

/// A template as a response.
pub struct Html<T>(pub T);

impl<T: Template> IntoResponse for Html<T> {
    fn into_response(self) -> Response {
        match self.0.render() {
            Ok(text) => axum::response::Html(text).into_response(),
            Err(error) => Oops::broken(&error).into_response(),
        }
    }
}

/// A place in the navigation.
#[derive(Clone, Debug)]
pub struct NavItem {
    pub href: &'static str,
    pub icon: &'static str,
    pub key: &'static str,
    pub current: bool,
    pub count: Option<i64>,
}

/// The frame of a page, and the words of its reader.
#[derive(Clone)]
pub struct Page {
    lang: Lang,
    signed_in: bool,
    name: String,
    place: String,
    nav: Vec<NavItem>,
    token: String,
    path: String,
    flash: Option<String>,
    today: Date,
    /// Minutes left, if the record of this page is open in an emergency.
    emergency: Option<i64>,
}

impl Page {
    /// For someone who is signed in.
    pub fn of(app: &App, actor: &Actor, at: &At) -> Page {
        Page {
            lang: actor.lang(),
            signed_in: true,
            name: actor.name().to_owned(),
            place: format!("{} · {}", actor.lang().say(&actor.role().key()), actor.area_name()),
            nav: nav(app.store(), actor, &at.path),
            token: at.token.clone(),
            path: at.path.clone(),
            flash: flash(actor.lang(), &at.query),
            today: app.store().today(),
            emergency: at.emergency_minutes(app.store().now()),
        }
    }

    /// For someone who is not: no navigation.
    pub fn outside(app: &App, lang: Lang, path: &str) -> Page {
        Page {
            lang,
            signed_in: false,
            name: String::new(),
            place: String::new(),
            nav: Vec::new(),
            token: String::new(),
            path: path.to_owned(),
            flash: None,
            today: app.store().today(),
            emergency: None,
        }
    }

    /// The same with the word of thanks that the address asks for.
    pub fn thanks(mut self, at: &At) -> Page {
        self.flash = flash(self.lang, &at.query);
        self
    }

    /// The same with the form token of a session.
    pub fn with_token(mut self, token: String) -> Page {
        self.token = token;
        self
    }

    /// The place where the reader works, for example her commune.
    pub fn at_place(mut self, place: String) -> Page {
        self.place = place;
        self
    }

    /// A number beside a place of the navigation.
    pub fn count(mut self, href: &str, count: i64) -> Page {
        for item in &mut self.nav {
            if item.href == href && count > 0 {
                item.count = Some(count);
            }
        }
        self
    }

    pub fn say(&self, key: impl AsRef<str>) -> String {
        self.lang.say(key.as_ref())
    }

    /// What a field of a form is called, for the list of what is wrong with it; empty if it has no name there.
    pub fn field(&self, name: &str) -> String {
        let key = format!("field-{name}");
        let said = self.lang.say(&key);
        if said == key { String::new() } else { said }
    }

    /// A sentence with a number in it, `{ $n }`.
    pub fn n(&self, key: &str, n: impl Borrow<i64>) -> String {
        self.lang.with(key, &[("n", Value::from(*n.borrow()))])
    }

    /// A sentence with a text in it, `{ $x }`.
    pub fn x(&self, key: &str, x: impl AsRef<str>) -> String {
        self.lang.with(key, &[("x", Value::from(x.as_ref().to_owned()))])
    }

    pub fn lang(&self) -> &'static str {
        self.lang.as_str()
    }

    pub fn language(&self) -> Lang {
        self.lang
    }

    pub fn signed_in(&self) -> bool {
        self.signed_in
    }

    pub fn user_name(&self) -> &str {
        &self.name
    }

    pub fn place(&self) -> &str {
        &self.place
    }

    pub fn nav(&self) -> &[NavItem] {
        &self.nav
    }

    /// Is this one of the reader's places? A link to another would be refused.
    pub fn has_place(&self, href: &str) -> bool {
        self.nav.iter().any(|item| item.href == href)
    }

    pub fn token(&self) -> &str {
        &self.token
    }

    pub fn path(&self) -> &str {
        &self.path
    }

    pub fn flash(&self) -> Option<String> {
        self.flash.clone()
    }

    /// What every page of a record says while it is open in an emergency, with the minutes that are left.
    pub fn emergency(&self) -> Option<String> {
        self.emergency.map(|minutes| self.n("emergencies-banner", minutes))
    }

    pub fn today(&self) -> Date {
        self.today
    }

    /// `Thứ Hai, 23/11/2026`.
    pub fn today_long(&self) -> String {
        self.long_day(&self.today)
    }

    pub fn long_day(&self, day: &Date) -> String {
        format!("{}, {}", self.lang.say(text::weekday_key(*day)), text::show_day(*day))
    }

    pub fn day(&self, day: &Date) -> String {
        text::show_day(*day)
    }

    /// What was typed as a day, as a date field wants it; `None` if it is no day, so that the page shows it as it was typed.
    pub fn iso_day(&self, typed: &str) -> Option<String> {
        if typed.trim().is_empty() {
            return Some(String::new());
        }
        text::parse_day(typed, self.today).ok().map(|day| day.to_string())
    }

    /// That many days from today, as a date field wants it.
    pub fn iso_in(&self, days: i64) -> String {
        plus_days(self.today, days).to_string()
    }

    /// `07:30, 23/11/2026`: an instant on the wall clock in Viet Nam.
    pub fn instant(&self, at: impl Borrow<crate::base::time::At>) -> String {
        let civil = at.borrow().civil();
        format!("{:02}:{:02}, {}", civil.hour(), civil.minute(), text::show_day(civil.date()))
    }

    /// A day, or a dash.
    pub fn maybe_day(&self, day: &Option<crate::base::time::Day>) -> String {
        day.map_or_else(|| "–".to_owned(), |day| text::show_day(*day))
    }

    /// `Trễ 4 ngày`, `Hôm nay`, or the day itself.
    pub fn lateness(&self, due_on: &Date) -> String {
        match days_between(*due_on, self.today) {
            0 => self.say("late-today"),
            late if late > 0 => self.n("late-days", late),
            _ => text::show_day_short(*due_on),
        }
    }

    /// The chip's class for a due day: `late`, `today` or `plain`.
    pub fn late_class(&self, due_on: &Date) -> &'static str {
        match days_between(*due_on, self.today) {
            0 => "today",
            late if late > 0 => "late",
            _ => "plain",
        }
    }

    /// `0912 345 678` of a stored `+84912345678`.
    pub fn phone(&self, stored: &str) -> String {
        text::Phone::parse(stored).map_or_else(|_| stored.to_owned(), |phone| phone.display())
    }

    pub fn vnd(&self, amount: &i64) -> String {
        text::show_vnd(*amount)
    }

    pub fn style(&self) -> &'static str {
        &STYLE_HREF
    }

    pub fn script(&self) -> &'static str {
        &SCRIPT_HREF
    }
}

pub const STYLE: &str = include_str!("../../assets/style.css");
pub const SCRIPT: &str = include_str!("../../assets/page.js");

/// A file's address holds its hash, so that a browser may keep it for ever.
fn hashed(name: &str, kind: &str, content: &str) -> String {
    let hash: String = Sha256::digest(content).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("/assets/{name}.{hash}.{kind}")
}

pub static STYLE_HREF: LazyLock<String> = LazyLock::new(|| hashed("style", "css", STYLE));
pub static SCRIPT_HREF: LazyLock<String> = LazyLock::new(|| hashed("page", "js", SCRIPT));

/// The word of thanks after a redirect, if it is one of ours.
fn flash(lang: Lang, query: &str) -> Option<String> {
    let pairs: Vec<(String, String)> = serde_html_form::from_str(query).ok()?;
    let word = pairs.into_iter().find(|(name, _)| name == "done")?.1;
    let key = format!("done-{word}");
    let said = lang.say(&key);
    (said != key).then_some(said)
}

/// The places that this person has: each shown only if the policy gives her the act behind it.
fn nav(store: &Store, actor: &Actor, path: &str) -> Vec<NavItem> {
    let mut items = Vec::new();
    let mut add = |yes: bool, href: &'static str, icon: &'static str, key: &'static str| {
        if yes {
            let current = if href == "/" { path == "/" } else { path == href || path.starts_with(&format!("{href}/")) };
            items.push(NavItem { href, icon, key, current, count: None });
        }
    };
    fn can<A: Act>(store: &Store, actor: &Actor) -> bool {
        store.can::<A>(actor)
    }
    add(can::<acts::ListFollowUps>(store, actor), "/", "home", "layout-nav-home");
    let waits = can::<acts::ConfirmLoanList>(store, actor) || can::<acts::ListLoanAccounts>(store, actor);
    add(waits, "/waiting", "home", "layout-nav-to-do");
    add(can::<acts::CountFollowUps>(store, actor), "/overview", "bars", "layout-nav-overview");
    add(can::<acts::ListCases>(store, actor), "/cases", "people", "layout-nav-cases");
    add(can::<acts::ListUrgencies>(store, actor), "/urgencies", "hand", "layout-nav-urgencies");
    add(can::<acts::ListDigests>(store, actor), "/digests", "mail", "layout-nav-digests");
    let (area, own) = (can::<acts::SeeReports>(store, actor), can::<acts::SeeOwnReport>(store, actor));
    add(area, "/reports", "bars", "layout-nav-reports");
    add(own && !area, "/reports/mine", "bars", "layout-nav-reports");
    add(!area && can::<acts::SeeOutsideReports>(store, actor), "/reports/outside", "bars", "layout-nav-reports");
    add(can::<acts::ListBulletins>(store, actor), "/bulletins", "mail", "layout-nav-bulletins");
    add(can::<acts::ListGaps>(store, actor), "/gaps", "check", "layout-nav-gaps");
    add(can::<acts::CountOwnHelp>(store, actor), "/organisation-figures", "bars", "layout-nav-own-figures");
    add(can::<acts::ListLoanLines>(store, actor), "/loan-lines", "file", "layout-nav-loan-lines");
    add(can::<acts::ListLoanAccounts>(store, actor), "/loan-accounts", "bars", "layout-nav-loan-accounts");
    add(can::<acts::ListLoanLists>(store, actor), "/loan-lists", "file", "layout-nav-loan-lists");
    add(can::<acts::ListGatherings>(store, actor), "/gatherings", "cal", "layout-nav-gatherings");
    add(can::<acts::ListOpinions>(store, actor), "/opinions", "check", "layout-nav-opinions");
    add(can::<acts::ListCommunityModels>(store, actor), "/community-models", "file", "layout-nav-community-models");
    add(can::<acts::ListDuties>(store, actor), "/duties", "check", "layout-nav-duties");
    add(can::<acts::ListAbsences>(store, actor), "/absences", "file", "layout-nav-absences");
    add(can::<acts::ListHandovers>(store, actor), "/handovers", "people", "layout-nav-handovers");
    add(can::<acts::ListStaff>(store, actor), "/staff", "people", "layout-nav-users");
    add(can::<acts::ListDeadMails>(store, actor), "/mails", "mail", "layout-nav-mails");
    add(can::<acts::ListTrail>(store, actor), "/trail", "clock", "layout-nav-log");
    add(can::<acts::ListSealings>(store, actor), "/sealings", "lock", "layout-nav-sealings");
    add(can::<acts::AddConsentText>(store, actor), "/consent-texts", "hand", "layout-nav-consent-texts");
    add(can::<acts::ListRequests>(store, actor), "/requests", "file", "layout-nav-requests");
    add(can::<acts::ListDoubles>(store, actor), "/doubles", "people", "layout-nav-doubles");
    add(can::<acts::ListCaseRequests>(store, actor), "/case-requests", "file", "layout-nav-case-requests");
    add(can::<acts::ListEmergencies>(store, actor), "/emergencies", "warn", "layout-nav-emergencies");
    add(can::<acts::SumHelp>(store, actor), "/help-sums", "bars", "layout-nav-sums");
    add(can::<acts::ListDocuments>(store, actor), "/documents", "file", "layout-nav-documents");
    add(can::<acts::EditTemplates>(store, actor), "/document-templates", "file", "layout-nav-templates");
    add(can::<acts::ListFunds>(store, actor), "/funds", "file", "layout-nav-funds");
    add(can::<acts::CountReaders>(store, actor), "/readers", "bars", "layout-nav-readers");
    add(can::<acts::ListReview>(store, actor), "/review", "check", "layout-nav-review");
    add(can::<acts::ListBackups>(store, actor), "/backups", "download", "layout-nav-backups");
    add(can::<acts::ListOwnOpenings>(store, actor), "/openings", "clock", "layout-nav-openings");
    add(true, "/rules", "cal", "layout-nav-rules");
    add(
        can::<acts::EditQuestions>(store, actor) || can::<acts::AskNeeds>(store, actor),
        "/questions",
        "file",
        "layout-nav-questions",
    );
    add(true, "/password", "lock", "layout-nav-account");
    items
}
