//! The kinds of record, and how a record stands to the person who asks, as SQL conditions said once:
//! the same text makes the standing of one record and the wall around a list.
//!
//! In a condition `{me}` is the asker's id, `{area}` her commune (or province), `{org}` her organisation,
//! `{today}` the day, `{now}` the instant. The store puts the values in; no text of a user ever stands here.

use super::acts::{self, Act};
use crate::base::ids::{
    AbsenceId, AttachmentId, BulletinId, CaseId, CaseRequestId, ChildId, CommunityModelId, ConsentId, DigestId,
    DocumentId, DoubleId, EmergencyId, FollowUpId, FundId, GatheringId, GuestId, HandoverId, HelpId, HomeNeedId,
    HouseholdId, Id, ImportId, LoanAccountId, LoanLineId, LoanListId, MailId, OpinionId, OrganisationId, PlanId,
    ReferralId, RelativeId, RequestId, RestrictionId, SealingId, TrailId, UrgencyId, UserId, VisitId,
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
/// A live referral names the asker as a helper, or her request for this case was approved and its last day has not passed.
macro_rules! shared_case {
    () => {
        "c.id in (select r.case_id from referral_helpers h join referrals r on r.id = h.referral_id where h.user_id = {me} \
         and r.ended_at is null and r.from_on <= {today} and (r.to_on is null or r.to_on >= {today}) union all \
         select q.case_id from case_requests q where q.asked_by = {me} and q.state = 'approved' and q.until_on >= {today})"
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

/// A case on its way to another officer or commune. The officer who was chosen has it as her own, and the head of the other
/// commune has it shared, from the day on which it was sent and as long as the case is theirs; the commune that gave it
/// keeps that it did.
pub struct Handover;
impl Subject for Handover {
    type Id = HandoverId;
    type See = acts::SeeHandover;
    const NAME: &'static str = "handover";
    const TABLE: &'static str = "handovers";
    const FROM: &'static str = "handovers ho join cases c on c.id = ho.case_id";
    const KEY: &'static str = "ho.id";
    const LOCK: Option<&'static str> =
        Some("select id from cases where id = (select case_id from handovers where id = $1)");
    const OWN: &'static str = "ho.to_officer_id = {me} and (ho.state = 'waiting' and c.status <> 'closed' \
                               or ho.state = 'accepted' and c.officer_id = {me})";
    const SHARED: &'static str = "ho.to_area = {area} and ho.from_area <> ho.to_area and (ho.state = 'waiting' \
                                  and c.status <> 'closed' or ho.state = 'accepted' and c.area_code = {area})";
    const OFFICE: &'static str = "ho.from_area = {area}";
    const AREA: &'static str = NOBODY;
    const UNBARRED: &'static str = unsealed_case!();
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

/// Who lives together, of the family of a case. A helper has no household: she has what it lets her know it needs.
pub struct Household;
impl Subject for Household {
    type Id = HouseholdId;
    type See = acts::SeeHousehold;
    const NAME: &'static str = "household";
    const TABLE: &'static str = "households";
    const FROM: &'static str = "households hh join cases c on c.id = hh.case_id";
    const KEY: &'static str = "hh.id";
    const LOCK: Option<&'static str> =
        Some("select id from cases where id = (select case_id from households where id = $1)");
    const OWN: &'static str = own_case!();
    const SHARED: &'static str = NOBODY;
    const OFFICE: &'static str = case_office!();
    const AREA: &'static str = case_area!();
    const UNBARRED: &'static str = unsealed_case!();
    const GLASS: &'static str = glass_case!();
}

/// A child of the family.
pub struct Child;
impl Subject for Child {
    type Id = ChildId;
    type See = acts::SeeChild;
    const NAME: &'static str = "child";
    const TABLE: &'static str = "children";
    const FROM: &'static str = "children ch join cases c on c.id = ch.case_id";
    const KEY: &'static str = "ch.id";
    const LOCK: Option<&'static str> =
        Some("select id from cases where id = (select case_id from children where id = $1)");
    const OWN: &'static str = own_case!();
    const SHARED: &'static str = NOBODY;
    const OFFICE: &'static str = case_office!();
    const AREA: &'static str = case_area!();
    const UNBARRED: &'static str = unsealed_case!();
    const GLASS: &'static str = glass_case!();
}

/// What a household, a child or a relative needs.
pub struct HomeNeed;
impl Subject for HomeNeed {
    type Id = HomeNeedId;
    type See = acts::SeeHomeNeed;
    const NAME: &'static str = "home_need";
    const TABLE: &'static str = "home_needs";
    const FROM: &'static str = "home_needs hn join cases c on c.id = hn.case_id";
    const KEY: &'static str = "hn.id";
    const LOCK: Option<&'static str> =
        Some("select id from cases where id = (select case_id from home_needs where id = $1)");
    const OWN: &'static str = own_case!();
    const SHARED: &'static str = NOBODY;
    const OFFICE: &'static str = case_office!();
    const AREA: &'static str = case_area!();
    const UNBARRED: &'static str = unsealed_case!();
    const GLASS: &'static str = glass_case!();
}

/// What a person agreed to, on the case where it was written down.
pub struct Consent;
impl Subject for Consent {
    type Id = ConsentId;
    type See = acts::SeeConsent;
    const NAME: &'static str = "consent";
    const TABLE: &'static str = "consents";
    const FROM: &'static str = "consents cn join cases c on c.id = cn.case_id";
    const KEY: &'static str = "cn.id";
    const LOCK: Option<&'static str> =
        Some("select id from cases where id = (select case_id from consents where id = $1)");
    const OWN: &'static str = own_case!();
    const SHARED: &'static str = NOBODY;
    const OFFICE: &'static str = case_office!();
    const AREA: &'static str = NOBODY;
    const UNBARRED: &'static str = unsealed_case!();
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

/// One person on such a list. It is shared with the lender of the commune once it was confirmed and sent. A line that was carried
/// past a seal is the lender's alone.
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
    const OWN: &'static str = concat!("ll.carried_at is null and ", own_case!());
    const SHARED: &'static str = "li.area_code = {area} and li.state in ('sent', 'answered') and ll.struck_at is null \
                                  and ll.withdrawn_at is null";
    const OFFICE: &'static str = concat!("ll.carried_at is null and ", case_office!());
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

/// A request to be away, of somebody who serves a sentence in the community. It is shared with the People's Committee of her
/// commune, which answers it, as long as the case is live.
pub struct Absence;
impl Subject for Absence {
    type Id = AbsenceId;
    type See = acts::SeeAbsence;
    const NAME: &'static str = "absence";
    const TABLE: &'static str = "duty_absences";
    const FROM: &'static str = "duty_absences ab join cases c on c.id = ab.case_id";
    const KEY: &'static str = "ab.id";
    const LOCK: Option<&'static str> =
        Some("select id from cases where id = (select case_id from duty_absences where id = $1)");
    const OWN: &'static str = own_case!();
    const SHARED: &'static str = "c.area_code = {area} and c.status not in ('closed', 'sealed')";
    const OFFICE: &'static str = case_office!();
    const AREA: &'static str = NOBODY;
    const UNBARRED: &'static str = unsealed_case!();
}

/// A file that is put with a case. A helper has those of her own organisation.
pub struct Attachment;
impl Subject for Attachment {
    type Id = AttachmentId;
    type See = acts::SeeAttachment;
    const NAME: &'static str = "attachment";
    const TABLE: &'static str = "attachments";
    const FROM: &'static str = "attachments ta join cases c on c.id = ta.case_id";
    const KEY: &'static str = "ta.id";
    const LOCK: Option<&'static str> =
        Some("select id from cases where id = (select case_id from attachments where id = $1)");
    const OWN: &'static str = own_case!();
    const SHARED: &'static str =
        concat!("ta.organisation_id = {org} and c.status not in ('closed', 'sealed') and ", shared_case!());
    const OFFICE: &'static str = case_office!();
    const AREA: &'static str = NOBODY;
    const UNBARRED: &'static str = unsealed_case!();
}

/// A paper that was issued: it stands as its case does. One of a commune alone is its printer's and its head's; the rows of
/// people on it are walled each by its own case.
pub struct Document;
impl Subject for Document {
    type Id = DocumentId;
    type See = acts::SeeDocument;
    const NAME: &'static str = "document";
    const TABLE: &'static str = "documents";
    const FROM: &'static str = "documents dc left join cases c on c.id = dc.case_id";
    const KEY: &'static str = "dc.id";
    const LOCK: Option<&'static str> =
        Some("select id from cases where id = (select case_id from documents where id = $1)");
    const OWN: &'static str = concat!("(dc.case_id is null and dc.by = {me}) or ", own_case!());
    const SHARED: &'static str = NOBODY;
    const OFFICE: &'static str = "coalesce(c.area_code, dc.area_code) = {area}";
    const AREA: &'static str = NOBODY;
    const UNBARRED: &'static str = concat!("(dc.case_id is null or (", unsealed_case!(), "))");
}

/// Of what hangs on a case or on none: the case is not sealed, and no restriction keeps the asker from its person.
macro_rules! unsealed_if_any {
    ($case:literal) => {
        concat!("(", $case, " is null or (c.status <> 'sealed' and ", unbarred!("{me}", "c.person_id"), "))")
    };
}

/// A meeting. One of the commune is everybody's of the commune police; one with the family of a person stands as her case
/// does. It is shared with a body that was asked to it or owes an answer to what was said there: an organisation by its
/// helpers, the People's Committee by whoever belongs to no organisation.
pub struct Gathering;
impl Subject for Gathering {
    type Id = GatheringId;
    type See = acts::SeeGathering;
    const NAME: &'static str = "gathering";
    const TABLE: &'static str = "gatherings";
    const FROM: &'static str = "gatherings g left join cases c on c.id = g.case_id";
    const KEY: &'static str = "g.id";
    const LOCK: Option<&'static str> = Some("select id from gatherings where id = $1");
    const OWN: &'static str =
        concat!("(g.case_id is null and g.area_code = {area}) or (g.case_id is not null and ", own_case!(), ")");
    const SHARED: &'static str = "g.case_id is null and g.area_code = {area} and (exists (select 1 from gathering_parties gp \
         where gp.gathering_id = g.id and gp.organisation_id is not distinct from {org}) or exists (select 1 from opinions oo \
         where oo.gathering_id = g.id and oo.case_id is null and oo.owes in ('organisation', 'council') \
         and oo.organisation_id is not distinct from {org}))";
    const OFFICE: &'static str =
        "(g.case_id is null and g.area_code = {area}) or (g.case_id is not null and c.area_code = {area})";
    const AREA: &'static str = NOBODY;
    const UNBARRED: &'static str = unsealed_if_any!("g.case_id");
}

/// Somebody who was asked to a meeting. She stands as her case does; a helper has those in whose live referral she is named,
/// of meetings to which her organisation was asked, and never one of the family.
pub struct Guest;
impl Subject for Guest {
    type Id = GuestId;
    type See = acts::SeeGuest;
    const NAME: &'static str = "guest";
    const TABLE: &'static str = "gathering_guests";
    const FROM: &'static str = "gathering_guests gg join cases c on c.id = gg.case_id";
    const KEY: &'static str = "gg.id";
    const LOCK: Option<&'static str> =
        Some("select id from cases where id = (select case_id from gathering_guests where id = $1)");
    const OWN: &'static str = own_case!();
    const SHARED: &'static str = concat!(
        "gg.relative_id is null and c.status not in ('closed', 'sealed') and exists (select 1 from gathering_parties gp \
         where gp.gathering_id = gg.gathering_id and gp.organisation_id = {org}) and ",
        shared_case!()
    );
    const OFFICE: &'static str = case_office!();
    const AREA: &'static str = NOBODY;
    const UNBARRED: &'static str = unsealed_case!();
}

/// What was said at a meeting. It stands as the case does on which it hangs; on none, it is the commune police's. It is
/// shared with the body that owes the answer.
pub struct Opinion;
impl Subject for Opinion {
    type Id = OpinionId;
    type See = acts::SeeOpinion;
    const NAME: &'static str = "opinion";
    const TABLE: &'static str = "opinions";
    const FROM: &'static str =
        "opinions op join gatherings g on g.id = op.gathering_id left join cases c on c.id = op.case_id";
    const KEY: &'static str = "op.id";
    const LOCK: Option<&'static str> = Some("select id from opinions where id = $1");
    const OWN: &'static str =
        concat!("(op.case_id is null and g.area_code = {area}) or (op.case_id is not null and ", own_case!(), ")");
    const SHARED: &'static str = concat!(
        "op.owes in ('organisation', 'council') and g.area_code = {area} and op.organisation_id is not distinct from {org} \
         and (op.case_id is null or (c.status not in ('closed', 'sealed') and ",
        shared_case!(),
        "))"
    );
    const OFFICE: &'static str =
        "(op.case_id is null and g.area_code = {area}) or (op.case_id is not null and c.area_code = {area})";
    const AREA: &'static str = NOBODY;
    const UNBARRED: &'static str = unsealed_if_any!("op.case_id");
}

/// A way of doing things that a commune tries. It is about no case.
pub struct CommunityModel;
impl Subject for CommunityModel {
    type Id = CommunityModelId;
    type See = acts::SeeCommunityModel;
    const NAME: &'static str = "community_model";
    const TABLE: &'static str = "community_models";
    const FROM: &'static str = "community_models mo";
    const KEY: &'static str = "mo.id";
    const LOCK: Option<&'static str> = Some("select id from community_models where id = $1");
    const OWN: &'static str = NOBODY;
    const SHARED: &'static str = NOBODY;
    const OFFICE: &'static str = "mo.area_code = {area}";
    const AREA: &'static str = "mo.area_code in (select ar.code from areas ar where ar.province_code = {area})";
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

/// Something of a person or her family that is urgent.
pub struct Urgency;
impl Subject for Urgency {
    type Id = UrgencyId;
    type See = acts::SeeUrgency;
    const NAME: &'static str = "urgency";
    const TABLE: &'static str = "urgencies";
    const FROM: &'static str = "urgencies ur join cases c on c.id = ur.case_id";
    const KEY: &'static str = "ur.id";
    const LOCK: Option<&'static str> =
        Some("select id from cases where id = (select case_id from urgencies where id = $1)");
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

/// Two records that may be one person's. The head of a commune has those of which both are her commune's; the province, as
/// the keeper of data, has all, sealed and restricted ones too, and is told no name. Once it has asked the two communes,
/// the heads of each have the pair shared.
pub struct PossibleDouble;
impl Subject for PossibleDouble {
    type Id = DoubleId;
    type See = acts::SeeDouble;
    const NAME: &'static str = "possible_double";
    const TABLE: &'static str = "possible_doubles";
    const FROM: &'static str =
        "possible_doubles pd join cases c on c.id = pd.case_id join cases o on o.id = pd.other_id";
    const KEY: &'static str = "pd.id";
    const LOCK: Option<&'static str> = Some("select id from possible_doubles where id = $1");
    const OWN: &'static str = NOBODY;
    const SHARED: &'static str = concat!(
        "pd.state in ('asked', 'agreed', 'merged') and (c.area_code = {area} and c.status <> 'sealed' and ",
        unbarred!("{me}", "c.person_id"),
        " or o.area_code = {area} and o.status <> 'sealed' and ",
        unbarred!("{me}", "o.person_id"),
        ")"
    );
    const OFFICE: &'static str = concat!(
        "c.area_code = {area} and o.area_code = {area} and c.status <> 'sealed' and o.status <> 'sealed' and ",
        unbarred!("{me}", "c.person_id"),
        " and ",
        unbarred!("{me}", "o.person_id")
    );
    const AREA: &'static str = case_area!();
}

/// A request of the province for one case. Whoever asked has it as her own, whatever has become of the case; the commune of
/// the case has it, but not those whom a restriction keeps from the person.
pub struct CaseRequest;
impl Subject for CaseRequest {
    type Id = CaseRequestId;
    type See = acts::SeeCaseRequest;
    const NAME: &'static str = "case_request";
    const TABLE: &'static str = "case_requests";
    const FROM: &'static str = "case_requests cq left join cases c on c.id = cq.case_id";
    const KEY: &'static str = "cq.id";
    const LOCK: Option<&'static str> = Some("select id from case_requests where id = $1");
    const OWN: &'static str = "cq.asked_by = {me}";
    const SHARED: &'static str = NOBODY;
    const OFFICE: &'static str = concat!(case_office!(), " and ", unsealed_case!());
    const AREA: &'static str = NOBODY;
}

/// Somebody has asked for the seal to be taken off, and the commune has no other active head who may know the person.
macro_rules! needs_a_second {
    () => {
        concat!(
            "(sg.asked_by is not null and sg.ended_at is null and not exists (select 1 from users hu where hu.area_code = c.area_code \
             and hu.role = 'supervisor' and hu.disabled_at is null and hu.id <> sg.asked_by and ",
            unbarred!("hu.id", "c.person_id"),
            "))"
        )
    };
}

/// A case that was sealed: what is left of it to be seen. Only the heads of its commune have it, and none of them whom a
/// restriction keeps from the person. A commune that has one head only shares it with the inspectors, as the second of two,
/// while it is asked that the seal be taken off: a list of those who alone may does not keep them from that, an
/// exclusion by name does ([decision 13](../../docs/decisions/0013-a-commune-with-one-head.md)).
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
    const SHARED: &'static str = needs_a_second!();
    const OFFICE: &'static str = case_office!();
    const AREA: &'static str = NOBODY;
    const UNBARRED: &'static str = concat!(
        "(",
        unbarred!("{me}", "c.person_id"),
        " or (exists (select 1 from users iu where iu.id = {me} and iu.role = 'inspector') and not ",
        excluded!("{me}", "c.person_id"),
        "))"
    );
}

/// What somebody asked about the data that is kept of her. It stands as its case does; after a seal, with the heads of the
/// commune alone. One that is about no case is whose who took it down, and the heads'.
pub struct Request;
impl Subject for Request {
    type Id = RequestId;
    type See = acts::SeeRequest;
    const NAME: &'static str = "request";
    const TABLE: &'static str = "requests";
    const FROM: &'static str = "requests rq left join cases c on c.id = rq.case_id";
    const KEY: &'static str = "rq.id";
    const LOCK: Option<&'static str> = Some("select id from requests where id = $1");
    const OWN: &'static str = concat!(
        "(rq.case_id is null and (rq.made_by = {me} or rq.handler_id = {me})) or (c.status <> 'sealed' and ",
        own_case!(),
        ")"
    );
    const SHARED: &'static str = NOBODY;
    const OFFICE: &'static str = "coalesce(c.area_code, rq.area_code) = {area}";
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

/// The counts of the communes that were sent to one reader of the province; nobody else's.
pub struct Bulletin;
impl Subject for Bulletin {
    type Id = BulletinId;
    type See = acts::SeeBulletin;
    const NAME: &'static str = "bulletin";
    const TABLE: &'static str = "bulletins";
    const FROM: &'static str = "bulletins bu";
    const KEY: &'static str = "bu.id";
    const LOCK: Option<&'static str> = Some("select id from bulletins where id = $1");
    const OWN: &'static str = "bu.user_id = {me}";
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
