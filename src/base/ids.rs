//! One type for each kind of id, so that a case's id can never stand where a visit's is asked for.
//!
//! All but a case's and a person's are UUIDv7 (they sort by the time they were made). Those two are random: a helper sees
//! a case's id, and the day on which a case was opened tells when somebody came home. A unit of work makes them (`Work::new_id`).

use uuid::Uuid;

/// What every id can do.
pub trait Id: Copy + Send + Sync + std::fmt::Debug + std::fmt::Display + 'static {
    /// The id tells when it was made.
    const TIMED: bool;
    /// The id of this kind with these 128 bits.
    fn from_uuid(uuid: Uuid) -> Self;
    /// Its 128 bits.
    fn uuid(self) -> Uuid;
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, sqlx::Type)]
        #[serde(transparent)]
        #[sqlx(transparent, no_pg_array)]
        pub struct $name(Uuid);
        impl Id for $name {
            const TIMED: bool = !matches!(stringify!($name).as_bytes(), b"CaseId" | b"PersonId");
            fn from_uuid(uuid: Uuid) -> Self { $name(uuid) }
            fn uuid(self) -> Uuid { self.0 }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { self.0.fmt(f) }
        }
        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, uuid::Error> { Uuid::parse_str(text).map($name) }
        }
        impl From<$name> for crate::base::arg::Arg {
            fn from(id: $name) -> Self { crate::base::arg::Arg::Uuid(Some(id.0)) }
        }
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                crate::base::schema::text(utoipa::openapi::KnownFormat::Uuid)
            }
        }
        impl utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> { stringify!($name).into() }
        }
        impl From<Option<$name>> for crate::base::arg::Arg {
            fn from(id: Option<$name>) -> Self { crate::base::arg::Arg::Uuid(id.map(|id| id.0)) }
        }
    )+};
}

ids! {
    /// An account of the program (`users`).
    UserId,
    /// A mass organisation of one commune.
    OrganisationId,
    /// The person coming home.
    PersonId,
    /// One course of care under one regime.
    CaseId,
    /// Who is in charge, from when to when.
    AssignmentId,
    /// Leave: one officer stands in for another.
    CoverId,
    /// A case that is handed to another officer or to another commune.
    HandoverId,
    /// A case handed to an organisation for a purpose.
    ReferralId,
    /// A visit, met or tried.
    VisitId,
    /// A task with a day.
    FollowUpId,
    /// A postponement of a follow-up.
    PostponementId,
    /// A person of the family.
    RelativeId,
    /// A household of a person's family.
    HouseholdId,
    /// Somebody who lives in one.
    MemberId,
    /// A child of the family.
    ChildId,
    /// What one of them needs.
    HomeNeedId,
    /// A piece of help, promised or given.
    HelpId,
    /// Where money comes from.
    FundId,
    /// A step of a piece of help: promised, approved, given, cancelled.
    HelpStepId,
    /// The question whether somebody is still at work.
    WorkCheckId,
    /// Has somebody work, as it was seen on a day.
    WorkStatusId,
    /// A list of people who want to borrow.
    LoanListId,
    /// One of them on the list.
    LoanLineId,
    /// What was lent to somebody.
    LoanAccountId,
    /// A repayment as the lender reports it.
    LoanRepaymentId,
    /// From when to when a sentence is served in the community.
    DutyTermId,
    /// A monthly or quarterly assessment of how it is served.
    DutyAssessmentId,
    /// A request to be away.
    AbsenceId,
    /// Something that broke the duties of a sentence.
    BreachId,
    /// A shortening of a probation: considered, proposed, decided.
    ShorteningId,
    /// The certificate that a sentence in the community is served.
    CertificateId,
    /// Custody or treatment, from when to when.
    SuspensionId,
    /// A file that is put with a case.
    AttachmentId,
    /// A paper that was issued.
    DocumentId,
    /// A row of the table of a paper.
    DocumentRowId,
    /// A time that a paper went to the printer.
    DocumentPrintingId,
    /// A version of what a paper looks like.
    DocumentTemplateId,
    /// A judgment as the date engine needs it.
    JudgmentId,
    /// A case that was sealed after its record was cleared.
    SealingId,
    /// A meeting, of the commune or with the family of one person.
    GatheringId,
    /// Somebody who was asked to come to it.
    GuestId,
    /// A body that was asked to it.
    PartyId,
    /// It was put to another day.
    GatheringMoveId,
    /// What was said at it.
    OpinionId,
    /// A way of doing things that a commune tries.
    CommunityModelId,
    /// What came of it.
    ModelResultId,
    /// A letter of commendation.
    CommendationId,
    /// One look at what a person needs in one area.
    NeedId,
    /// What was answered to one question.
    NeedAnswerId,
    /// Something that is urgent.
    UrgencyId,
    /// One version of a person's plan.
    PlanId,
    /// A goal of a plan.
    GoalId,
    /// A step towards a goal.
    StepId,
    /// A classification A–D.
    ClassificationId,
    /// A field of a case that was put right.
    CorrectionId,
    /// The same in a household or a child's record.
    FamilyCorrectionId,
    /// An overdue summary for one supervisor and one period.
    DigestId,
    /// The counts of the communes for one reader of the province and one week.
    BulletinId,
    /// A mail waiting to go out, or gone.
    MailId,
    /// A place below the commune: ấp, khóm, khu phố.
    HamletId,
    /// A line of the audit.
    TrailId,
    /// A run that plans every case anew.
    ReplanId,
    /// A sentence of a case.
    SentenceId,
    /// What a third person said, kept apart.
    ProtectedNoteId,
    /// A list of who may not, or who alone may, see a person.
    RestrictionId,
    /// A record opened in an emergency.
    EmergencyId,
    /// Two records that were joined.
    MergeId,
    /// Two records that may be one person's.
    DoubleId,
    /// The province asks for one case.
    CaseRequestId,
    /// Somebody asked for a person to be erased.
    ErasureId,
    /// Somebody asked what is kept about her, or that something of it be changed.
    RequestId,
    /// A person agreed that something of hers is passed on or shown.
    ConsentId,
    /// What people agree to, as it was worded from a day on.
    ConsentTextId,
    /// A batch of imported cases.
    ImportId,
    /// One sign-in, until its end.
    SessionId,
    /// A filter of the list of cases that somebody keeps.
    KeptFilterId,
    /// A half-yearly look at all accounts.
    ReviewId,
    /// A backup that was made, or one that was tried.
    BackupId,
}
