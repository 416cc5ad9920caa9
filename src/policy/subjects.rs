//! The kinds of record, and how a record stands to the person who asks, as SQL conditions said once:
//! the same text makes the standing of one record and the wall around a list.
//!
//! In a condition `{me}` is the asker's id, `{area}` her commune (or province), `{org}` her organisation,
//! `{today}` the day, `{now}` the instant. The store puts the values in; no text of a user ever stands here.

use super::acts::{self, Act};
use crate::base::ids::{
    CaseId, DigestId, EmergencyId, FollowUpId, FundId, HelpId, Id, ImportId, LoanAccountId, LoanLineId, LoanListId,
    MailId, OrganisationId, PlanId, ReferralId, RelativeId, RestrictionId, SealingId, TrailId, UserId, VisitId,
};

/// A kind of record.
pub trait Subject: Send + Sync + 'static {
    /// What its records are known by.
    type Id: Key;
    /// The act of seeing it: decides between 404 and 403.
    type See: Act<On = Self>;
    /// Its word, and the name of its parameter in a URL.
    const NAME: &'static str;
    /// The table that holds its version and is locked when it changes.
    const TABLE: &'static str;
    /// `from` of every statement about it.
    const FROM: &'static str;
    /// Its key column, with the alias of `FROM`.
    const KEY: &'static str;
    /// What is locked before it changes: the case, where there is one.
    const LOCK: Option<&'static str> = None;
    const OWN: &'static str;
    const SHARED: &'static str;
    const OFFICE: &'static str;
    const AREA: &'static str;
    /// No restriction stands against the asker, and the case is not sealed. It holds beside every near but `glass`: a
    /// restriction takes all of them away, an exclusion by name takes `glass` away too (see `GLASS`).
    const UNBARRED: &'static str = "1 = 1";
    /// Until when the asker has it open in an emergency; null: she has not.
    const GLASS: &'static str = "cast(null as bigint)";
}

/// A key of a record: an id, or the code of an area.
pub trait Key: Clone + Send + Sync + std::fmt::Debug + std::fmt::Display + std::str::FromStr + 'static {
    fn arg(&self) -> crate::base::arg::Arg;
}

impl<I: Id + std::str::FromStr> Key for I {
    fn arg(&self) -> crate::base::arg::Arg {
        self.uuid().into()
    }
}

/// The code of a province (two digits) or a commune (five).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, sqlx::Type)]
#[serde(into = "String", try_from = "String")]
#[sqlx(transparent, no_pg_array)]
pub struct AreaCode(pub String);

impl utoipa::PartialSchema for AreaCode {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::Object::with_type(utoipa::openapi::Type::String).into()
    }
}
impl utoipa::ToSchema for AreaCode {}

impl std::fmt::Display for AreaCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<AreaCode> for String {
    fn from(code: AreaCode) -> String {
        code.0
    }
}

impl TryFrom<String> for AreaCode {
    type Error = crate::base::words::UnknownWord;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl std::str::FromStr for AreaCode {
    type Err = crate::base::words::UnknownWord;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = matches!(text.len(), 2 | 5) && text.bytes().all(|b| b.is_ascii_digit());
        if digits { Ok(AreaCode(text.to_owned())) } else { Err(crate::base::words::UnknownWord) }
    }
}

impl Key for AreaCode {
    fn arg(&self) -> crate::base::arg::Arg {
        crate::base::arg::Arg::from(&self.0)
    }
}

const NOBODY: &str = "1 = 0";

/// In charge, or covering today for the one who is.
macro_rules! own_case {
    () => {
        "c.officer_id in (select {me} union all select cv.officer_id from covers cv where cv.cover_id = {me} \
         and cv.from_on <= {today} and cv.to_on >= {today} and cv.ended_at is null)"
    };
}
/// A live referral names the asker as a helper.
macro_rules! shared_case {
    () => {
        "c.id in (select r.case_id from referral_helpers h join referrals r on r.id = h.referral_id where h.user_id = {me} \
         and r.ended_at is null and r.from_on <= {today} and (r.to_on is null or r.to_on >= {today}))"
    };
}
macro_rules! case_office {
    () => {
        "c.area_code = {area}"
    };
}
macro_rules! case_area {
    () => {
        "c.area_code in (select ar.code from areas ar where ar.province_code = {area})"
    };
}

/// No restriction in force keeps this user from this person: no list of the excluded that names her, no list of those who
/// alone may that does not.
macro_rules! unbarred {
    ($who:literal, $person:literal) => {
        concat!(
            "not exists (select 1 from restrictions rx left join restriction_users ru on ru.restriction_id = rx.id and ru.user_id = ",
            $who,
            " where rx.person_id = ",
            $person,
            " and rx.ended_at is null and (rx.kind = 'only') = (ru.user_id is null))"
        )
    };
}
pub(crate) use unbarred;

/// A sealed case stands to nobody, and neither does what hangs on it; of the others no restriction keeps the asker.
macro_rules! unsealed_case {
    () => {
        concat!("c.status <> 'sealed' and ", unbarred!("{me}", "c.person_id"))
    };
}

/// Of a case that hangs on no grant, in the counts of a commune (`a`): whoever works in that commune counts those that she
/// may open, whoever is above it has figures and no list, and counts all.
macro_rules! counted {
    () => {
        concat!("(a.code <> {area} or ", $crate::policy::subjects::unbarred!("{me}", "c.person_id"), ")")
    };
}
pub(crate) use counted;

/// This user is excluded by name from this person.
macro_rules! excluded {
    ($who:literal, $person:literal) => {
        concat!(
            "exists (select 1 from restrictions gx join restriction_users gu on gu.restriction_id = gx.id where gx.person_id = ",
            $person,
            " and gu.user_id = ",
            $who,
            " and gx.kind = 'exclusion' and gx.ended_at is null)"
        )
    };
}
pub(crate) use excluded;

/// An emergency opens what a list of those who alone may keeps shut, and never what an exclusion by name does
/// ([decision 11](../../docs/decisions/0011-an-emergency-does-not-open-an-exclusion.md)).
macro_rules! glass_case {
    () => {
        concat!(
            "(select max(em.ends_at) from emergencies em where em.user_id = {me} and em.case_id = c.id and em.ends_at > {now} \
             and c.status not in ('closed', 'sealed') and not ",
            $crate::policy::subjects::excluded!("{me}", "c.person_id"),
            ")"
        )
    };
}

/// One course of care. Its wall is the wall of all that hangs on it.
pub struct Case;
impl Subject for Case {
    type Id = CaseId;
    type See = acts::SeeCase;
    const NAME: &'static str = "case";
    const TABLE: &'static str = "cases";
    const FROM: &'static str = "cases c";
    const KEY: &'static str = "c.id";
    const LOCK: Option<&'static str> = Some("select id from cases where id = $1");
    const OWN: &'static str = own_case!();
    const SHARED: &'static str = concat!(shared_case!(), " and c.status not in ('closed', 'sealed')");
    const OFFICE: &'static str = case_office!();
    const AREA: &'static str = case_area!();
    const UNBARRED: &'static str = unsealed_case!();
    const GLASS: &'static str = glass_case!();
}

/// A task with a day. A helper has only the tasks agreed with her own organisation.
pub struct FollowUp;
impl Subject for FollowUp {
    type Id = FollowUpId;
    type See = acts::SeeFollowUp;
    const NAME: &'static str = "follow_up";
    const TABLE: &'static str = "follow_ups";
    const FROM: &'static str = "follow_ups f join cases c on c.id = f.case_id";
    const KEY: &'static str = "f.id";
    const LOCK: Option<&'static str> =
        Some("select id from cases where id = (select case_id from follow_ups where id = $1)");
    const OWN: &'static str = own_case!();
    const SHARED: &'static str = concat!(
        "f.kind = 'partner_task' and f.organisation_id = {org} and c.status not in ('closed', 'sealed') and ",
        shared_case!()
    );
    const OFFICE: &'static str = case_office!();
    const AREA: &'static str = case_area!();
    const UNBARRED: &'static str = unsealed_case!();
    const GLASS: &'static str = glass_case!();
}

/// A visit. A helper sees those of her own organisation.
pub struct Visit;
impl Subject for Visit {
    type Id = VisitId;
    type See = acts::SeeVisit;
    const NAME: &'static str = "visit";
    const TABLE: &'static str = "visits";
    const FROM: &'static str = "visits v join cases c on c.id = v.case_id";
    const KEY: &'static str = "v.id";
    const LOCK: Option<&'static str> =
        Some("select id from cases where id = (select case_id from visits where id = $1)");
    const OWN: &'static str = own_case!();
    const SHARED: &'static str =
        concat!("v.organisation_id = {org} and c.status not in ('closed', 'sealed') and ", shared_case!());
    const OFFICE: &'static str = case_office!();
    const AREA: &'static str = case_area!();
    const UNBARRED: &'static str = unsealed_case!();
    const GLASS: &'static str = glass_case!();
}

/// A case handed to an organisation. A helper sees the ones that name her.
pub struct Referral;
impl Subject for Referral {
    type Id = ReferralId;
    type See = acts::SeeReferral;
    const NAME: &'static str = "referral";
    const TABLE: &'static str = "referrals";
    const FROM: &'static str = "referrals rf join cases c on c.id = rf.case_id";
    const KEY: &'static str = "rf.id";
    const LOCK: Option<&'static str> =
        Some("select id from cases where id = (select case_id from referrals where id = $1)");
    const OWN: &'static str = own_case!();
    const SHARED: &'static str = concat!("rf.organisation_id = {org} and ", shared_case!());
    const OFFICE: &'static str = case_office!();
    const AREA: &'static str = case_area!();
    const UNBARRED: &'static str = unsealed_case!();
    const GLASS: &'static str = glass_case!();
}

/// A person of the family.
pub struct Relative;
impl Subject for Relative {
    type Id = RelativeId;
    type See = acts::SeeRelative;
    const NAME: &'static str = "relative";
    const TABLE: &'static str = "relatives";
    const FROM: &'static str = "relatives re join cases c on c.id = re.case_id";
    const KEY: &'static str = "re.id";
    const LOCK: Option<&'static str> =
        Some("select id from cases where id = (select case_id from relatives where id = $1)");
    const OWN: &'static str = own_case!();
    const SHARED: &'static str = NOBODY;
    const OFFICE: &'static str = case_office!();
    const AREA: &'static str = case_area!();
    const UNBARRED: &'static str = unsealed_case!();
    const GLASS: &'static str = glass_case!();
}

/// A piece of help, promised or given. A helper has those of her own organisation.
pub struct Help;
impl Subject for Help {
    type Id = HelpId;
    type See = acts::ReadHelp;
    const NAME: &'static str = "help";
    const TABLE: &'static str = "helps";
    const FROM: &'static str = "helps hp join cases c on c.id = hp.case_id";
    const KEY: &'static str = "hp.id";
    const LOCK: Option<&'static str> =
        Some("select id from cases where id = (select case_id from helps where id = $1)");
    const OWN: &'static str = own_case!();
    const SHARED: &'static str =
        concat!("hp.organisation_id = {org} and c.status not in ('closed', 'sealed') and ", shared_case!());
    const OFFICE: &'static str = case_office!();
    const AREA: &'static str = case_area!();
    const UNBARRED: &'static str = unsealed_case!();
    const GLASS: &'static str = glass_case!();
}

/// Where money comes from. Its own commune has it as its own; a fund of the province is there for all communes below it.
pub struct Fund;
impl Subject for Fund {
    type Id = FundId;
    type See = acts::SeeFund;
    const NAME: &'static str = "fund";
    const TABLE: &'static str = "funds";
    const FROM: &'static str = "funds fu";
    const KEY: &'static str = "fu.id";
    const LOCK: Option<&'static str> = Some("select id from funds where id = $1");
    const OWN: &'static str = "fu.area_code = {area}";
    const SHARED: &'static str = NOBODY;
    const OFFICE: &'static str =
        "(fu.area_code = {area} or fu.area_code = (select fa.province_code from areas fa where fa.code = {area}))";
    const AREA: &'static str = "fu.area_code in (select ar.code from areas ar where ar.province_code = {area})";
}

/// A list of people who want to borrow. It is shared with the People's Committee from the day on which it was signed. Its
/// lines are walled each by its own case.
pub struct LoanList;
impl Subject for LoanList {
    type Id = LoanListId;
    type See = acts::SeeLoanList;
    const NAME: &'static str = "loan_list";
    const TABLE: &'static str = "loan_lists";
    const FROM: &'static str = "loan_lists li";
    const KEY: &'static str = "li.id";
    const LOCK: Option<&'static str> = Some("select id from loan_lists where id = $1");
    const OWN: &'static str = NOBODY;
    const SHARED: &'static str = "li.area_code = {area} and li.state <> 'draft'";
    const OFFICE: &'static str = "li.area_code = {area}";
    const AREA: &'static str = NOBODY;
}

/// One person on such a list. It is shared with the lender of the commune once it was confirmed and sent.
pub struct LoanLine;
impl Subject for LoanLine {
    type Id = LoanLineId;
    type See = acts::SeeLoanLine;
    const NAME: &'static str = "loan_line";
    const TABLE: &'static str = "loan_lines";
    const FROM: &'static str =
        "loan_lines ll join loan_lists li on li.id = ll.list_id join cases c on c.id = ll.case_id";
    const KEY: &'static str = "ll.id";
    const LOCK: Option<&'static str> =
        Some("select id from cases where id = (select case_id from loan_lines where id = $1)");
    const OWN: &'static str = own_case!();
    const SHARED: &'static str = "li.area_code = {area} and li.state in ('sent', 'answered') and ll.struck_at is null \
                                  and ll.withdrawn_at is null";
    const OFFICE: &'static str = case_office!();
    const AREA: &'static str = NOBODY;
    const UNBARRED: &'static str = unsealed_case!();
}

/// What was lent to somebody: the lender's own. It hangs on no case, and so no seal takes it away.
pub struct LoanAccount;
impl Subject for LoanAccount {
    type Id = LoanAccountId;
    type See = acts::SeeLoanAccount;
    const NAME: &'static str = "loan_account";
    const TABLE: &'static str = "loan_accounts";
    const FROM: &'static str = "loan_accounts la";
    const KEY: &'static str = "la.id";
    const LOCK: Option<&'static str> = Some("select id from loan_accounts where id = $1");
    const OWN: &'static str = NOBODY;
    const SHARED: &'static str = NOBODY;
    const OFFICE: &'static str = "la.area_code = {area}";
    const AREA: &'static str = NOBODY;
    const UNBARRED: &'static str = unbarred!("{me}", "la.person_id");
}

/// One version of a person's plan. A helper has the steps that are her organisation's, by the case.
pub struct Plan;
impl Subject for Plan {
    type Id = PlanId;
    type See = acts::SeePlan;
    const NAME: &'static str = "plan";
    const TABLE: &'static str = "plans";
    const FROM: &'static str = "plans pl join cases c on c.id = pl.case_id";
    const KEY: &'static str = "pl.id";
    const LOCK: Option<&'static str> =
        Some("select id from cases where id = (select case_id from plans where id = $1)");
    const OWN: &'static str = own_case!();
    const SHARED: &'static str = NOBODY;
    const OFFICE: &'static str = case_office!();
    const AREA: &'static str = case_area!();
    const UNBARRED: &'static str = unsealed_case!();
    const GLASS: &'static str = glass_case!();
}

/// A province or a commune.
pub struct Area;
impl Subject for Area {
    type Id = AreaCode;
    type See = acts::SeeArea;
    const NAME: &'static str = "area";
    const TABLE: &'static str = "areas";
    const FROM: &'static str = "areas a";
    const KEY: &'static str = "a.code";
    const OWN: &'static str = NOBODY;
    const SHARED: &'static str = NOBODY;
    const OFFICE: &'static str = "a.code = {area}";
    const AREA: &'static str = "(a.code = {area} or a.province_code = {area})";
}

pub struct Organisation;
impl Subject for Organisation {
    type Id = OrganisationId;
    type See = acts::SeeOrganisation;
    const NAME: &'static str = "organisation";
    const TABLE: &'static str = "organisations";
    const FROM: &'static str = "organisations o";
    const KEY: &'static str = "o.id";
    const OWN: &'static str = "o.id = {org}";
    const SHARED: &'static str = NOBODY;
    const OFFICE: &'static str = "o.area_code = {area}";
    const AREA: &'static str = "o.area_code in (select ar.code from areas ar where ar.province_code = {area})";
}

/// An account.
pub struct Staff;
impl Subject for Staff {
    type Id = UserId;
    type See = acts::SeeStaff;
    const NAME: &'static str = "staff";
    const TABLE: &'static str = "users";
    const FROM: &'static str = "users s";
    const KEY: &'static str = "s.id";
    const LOCK: Option<&'static str> = Some("select id from users where id = $1");
    const OWN: &'static str = "s.id = {me}";
    const SHARED: &'static str = NOBODY;
    const OFFICE: &'static str = "s.area_code = {area}";
    const AREA: &'static str = "s.area_code in (select ar.code from areas ar where ar.province_code = {area})";
}

/// A list of who may not see a person, or who alone may. It stands as the case does on which it was made.
pub struct Restriction;
impl Subject for Restriction {
    type Id = RestrictionId;
    type See = acts::SeeRestriction;
    const NAME: &'static str = "restriction";
    const TABLE: &'static str = "restrictions";
    const FROM: &'static str = "restrictions rt join cases c on c.id = rt.case_id";
    const KEY: &'static str = "rt.id";
    const LOCK: Option<&'static str> =
        Some("select id from cases where id = (select case_id from restrictions where id = $1)");
    const OWN: &'static str = own_case!();
    const SHARED: &'static str = NOBODY;
    const OFFICE: &'static str = case_office!();
    const AREA: &'static str = case_area!();
    const UNBARRED: &'static str = unsealed_case!();
}

/// A record that was opened in an emergency, or a try to. Its opener has it as her own; it is shared with those who were
/// told, as long as they may know the person.
pub struct Emergency;
impl Subject for Emergency {
    type Id = EmergencyId;
    type See = acts::SeeEmergency;
    const NAME: &'static str = "emergency";
    const TABLE: &'static str = "emergencies";
    const FROM: &'static str = "emergencies eg left join cases ec on ec.id = coalesce(eg.case_id, eg.shut_case_id)";
    const KEY: &'static str = "eg.id";
    const LOCK: Option<&'static str> = Some("select id from emergencies where id = $1");
    const OWN: &'static str = "eg.user_id = {me}";
    const SHARED: &'static str = concat!(
        "eg.id in (select er.emergency_id from emergency_readers er where er.user_id = {me}) and ",
        unbarred!("{me}", "ec.person_id")
    );
    const OFFICE: &'static str = NOBODY;
    const AREA: &'static str = NOBODY;
    const UNBARRED: &'static str = "(ec.status is null or ec.status <> 'sealed')";
}

/// A case that was sealed: what is left of it to be seen. Only the heads of its commune have it, and none of them whom a
/// restriction keeps from the person.
pub struct Sealing;
impl Subject for Sealing {
    type Id = SealingId;
    type See = acts::SeeSealing;
    const NAME: &'static str = "sealing";
    const TABLE: &'static str = "sealings";
    const FROM: &'static str = "sealings sg join cases c on c.id = sg.case_id";
    const KEY: &'static str = "sg.id";
    const LOCK: Option<&'static str> =
        Some("select id from cases where id = (select case_id from sealings where id = $1)");
    const OWN: &'static str = NOBODY;
    const SHARED: &'static str = NOBODY;
    const OFFICE: &'static str = case_office!();
    const AREA: &'static str = NOBODY;
    const UNBARRED: &'static str = unbarred!("{me}", "c.person_id");
}

/// A summary that was sent to one person; nobody else's.
pub struct Digest;
impl Subject for Digest {
    type Id = DigestId;
    type See = acts::SeeDigest;
    const NAME: &'static str = "digest";
    const TABLE: &'static str = "digests";
    const FROM: &'static str = "digests d";
    const KEY: &'static str = "d.id";
    const LOCK: Option<&'static str> = Some("select id from digests where id = $1");
    const OWN: &'static str = "d.user_id = {me}";
    const SHARED: &'static str = NOBODY;
    const OFFICE: &'static str = NOBODY;
    const AREA: &'static str = NOBODY;
}

/// A mail on its way.
pub struct Mail;
impl Subject for Mail {
    type Id = MailId;
    type See = acts::SeeMail;
    const NAME: &'static str = "mail";
    const TABLE: &'static str = "mails";
    const FROM: &'static str = "mails m";
    const KEY: &'static str = "m.id";
    const LOCK: Option<&'static str> = Some("select id from mails where id = $1");
    const OWN: &'static str = "m.user_id = {me}";
    const SHARED: &'static str = NOBODY;
    const OFFICE: &'static str = NOBODY;
    const AREA: &'static str = NOBODY;
}

/// A list that was brought in: the batch, not its people. Taking it back locks every case that it opened.
pub struct Import;
impl Subject for Import {
    type Id = ImportId;
    type See = acts::SeeImport;
    const NAME: &'static str = "import";
    const TABLE: &'static str = "imports";
    const FROM: &'static str = "imports im";
    const KEY: &'static str = "im.id";
    const LOCK: Option<&'static str> =
        Some("select id from cases where id in (select case_id from import_rows where import_id = $1) order by id");
    const OWN: &'static str = "im.made_by = {me}";
    const SHARED: &'static str = NOBODY;
    const OFFICE: &'static str = "im.area_code = {area}";
    const AREA: &'static str = "im.area_code in (select ar.code from areas ar where ar.province_code = {area})";
}

/// What was done and opened, by whom.
pub struct Trail;
impl Subject for Trail {
    type Id = TrailId;
    type See = acts::SeeTrail;
    const NAME: &'static str = "trail";
    const TABLE: &'static str = "audit";
    const FROM: &'static str = "audit au";
    const KEY: &'static str = "au.id";
    const OWN: &'static str = "au.user_id = {me}";
    const SHARED: &'static str = NOBODY;
    const OFFICE: &'static str = NOBODY;
    const AREA: &'static str = NOBODY;
}
