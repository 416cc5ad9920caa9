//! The words of the office that stand in the database, in the API and in the rules, each list once.
//!
//! More words may be added, none renamed (programs outside rely on them). The Vietnamese and English
//! names that a reader sees are in `locales/`, under the key that [`key`](Regime::key) gives.

/// One list of words: an enum, its words, and how the database, JSON and forms carry it.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident ($set:literal) { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, sqlx::Type)]
        #[sqlx(type_name = "text")]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $word)] #[sqlx(rename = $word)] $variant),+
        }
        impl $name {
            /// Every word of the list, in its own order.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];
            /// The word as it stands in the database and in the API.
            pub const fn as_str(self) -> &'static str { match self { $($name::$variant => $word),+ } }
            /// The key of its name in `locales/`.
            pub const fn key(self) -> &'static str { match self { $($name::$variant => concat!($set, "-", $word)),+ } }
        }
        impl std::str::FromStr for $name {
            type Err = UnknownWord;
            fn from_str(word: &str) -> Result<Self, UnknownWord> {
                match word { $($word => Ok($name::$variant),)+ _ => Err(UnknownWord) }
            }
        }
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                crate::base::schema::words($name::ALL.iter().map(|word| word.as_str()))
            }
        }
        impl utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> { stringify!($name).into() }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(self.as_str()) }
        }
    };
}

/// The word is in no list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown word")]
pub struct UnknownWord;

words! {
    /// The legal basis on which a person is looked after (R1–R7). A sensitive word: a partner never gets it.
    Regime ("regime") {
        /// R1: the prison sentence is served.
        Completed = "completed",
        /// R2: amnestied.
        Amnestied = "amnestied",
        /// R3: conditionally released, still on probation.
        ConditionalRelease = "conditional_release",
        /// R4: án treo.
        SuspendedSentence = "suspended_sentence",
        /// R5: cải tạo không giam giữ.
        NonCustodialReform = "non_custodial_reform",
        /// R6: quản chế, cấm cư trú.
        PostSentenceSupervision = "post_sentence_supervision",
        /// R7: hoãn, tạm đình chỉ.
        Postponed = "postponed",
        /// Help goes on by the person's own wish after a record was sealed; nothing of a sentence stands behind it.
        Support = "support",
    }
}

impl Regime {
    /// R1 and R2: the office helps, and the person owes no report. R3–R7 carry duties of the sentence.
    pub const fn is_help(self) -> bool {
        matches!(self, Regime::Completed | Regime::Amnestied | Regime::Support)
    }

    /// R3–R7: a sentence, or what is left of one, is served in the community.
    pub const fn carries_duties(self) -> bool {
        !self.is_help()
    }

    /// What a case goes on as when this regime ends well, in the same case: the conditional release with its certificate
    /// (TT 10/2024/TT-BCA, Điều 7), the suspended sentence with an amnesty.
    pub const fn goes_on_as(self) -> Option<Regime> {
        match self {
            Regime::ConditionalRelease => Some(Regime::Completed),
            Regime::Postponed => Some(Regime::Amnestied),
            _ => None,
        }
    }

    /// The key of what the regime asks of the person and of the office: help asks nothing of her.
    pub const fn duties(self) -> &'static str {
        match self {
            Regime::Completed | Regime::Amnestied => "cases-duties-help",
            Regime::ConditionalRelease => "cases-duties-conditional-release",
            Regime::SuspendedSentence => "cases-duties-suspended-sentence",
            Regime::NonCustodialReform => "cases-duties-non-custodial-reform",
            Regime::PostSentenceSupervision => "cases-duties-post-sentence-supervision",
            Regime::Postponed => "cases-duties-postponed",
            Regime::Support => "cases-duties-support",
        }
    }

    /// Who is helped after a sentence fills in the information sheet (HCD-02); who serves one in the community does not.
    pub const fn has_sheet(self) -> bool {
        matches!(self, Regime::Completed | Regime::Amnestied)
    }

    /// The regimes under which a case is opened: a support record is made by sealing and in no other way.
    pub fn opened() -> impl Iterator<Item = Regime> {
        Regime::ALL.iter().copied().filter(|regime| *regime != Regime::Support)
    }
}

words! {
    /// What waits for somebody beside the follow-ups of cases: a line of the first page, the overview and the digest.
    Owing ("owed") {
        /// Emergency openings to be acknowledged.
        Emergencies = "emergencies",
        /// Urgent needs without an answer.
        Urgencies = "urgencies",
        /// Requests of the people whose data is kept.
        Requests = "requests",
        /// Answers to what was said at a gathering, where it hangs on no case.
        Answers = "answers",
        /// Cases on their way to another officer or commune.
        Handovers = "handovers",
        /// Requests of the province for one case that wait or are in force.
        CaseRequests = "case_requests",
        /// Records that may be one person's.
        Doubles = "doubles",
    }
}

impl Owing {
    /// Where it is dealt with.
    pub const fn href(self) -> &'static str {
        match self {
            Owing::Emergencies => "/emergencies",
            Owing::Urgencies => "/urgencies",
            Owing::Requests => "/requests",
            Owing::Answers => "/opinions",
            Owing::Handovers => "/handovers",
            Owing::CaseRequests => "/case-requests",
            Owing::Doubles => "/doubles",
        }
    }
}

words! {
    /// What a file is about. There is no word for secret papers: they have no place here.
    AttachmentKind ("attachment-kind") {
        Certificate = "certificate",
        Decision = "decision",
        Request = "request",
        Consent = "consent",
        Minutes = "minutes",
        PhotoWithConsent = "photo_with_consent",
        Other = "other",
    }
}

words! {
    /// What a file is, by its own bytes.
    AttachmentMedia ("attachment-media") { Jpeg = "jpeg", Png = "png", Webp = "webp", Pdf = "pdf" }
}

words! {
    /// A paper that is issued under a number.
    DocumentKind ("document-kind") {
        /// HCD-02, phiếu thông tin.
        InformationSheet = "information_sheet",
        /// HCD-03: to whoever sent the notice, that the address is wrong or nobody will come.
        SenderLetter = "sender_letter",
        /// HCD-05: minutes of the reception, with the pledge.
        ReceptionMinutes = "reception_minutes",
        /// Which organisation or person helps; it tells nothing of the past.
        HelperDecision = "helper_decision",
        /// Mẫu số 01 of QĐ 22/2023.
        LoanList = "loan_list",
        VisitSheet = "visit_sheet",
        HandoverSheet = "handover_sheet",
        MonthlyReport = "monthly_report",
        PeriodicReport = "periodic_report",
        AssessmentSheet = "assessment_sheet",
    }
}

words! {
    /// Where a case stands.
    CaseStatus ("case-status") { Noticed = "noticed", Active = "active", Suspended = "suspended", Closed = "closed", Sealed = "sealed" }
}

impl CaseStatus {
    /// Somebody must look after the person: not closed, not sealed.
    pub const fn is_live(self) -> bool {
        matches!(self, CaseStatus::Noticed | CaseStatus::Active | CaseStatus::Suspended)
    }
}

words! {
    /// Why a case ended.
    ClosureGround ("closure-ground") {
        RecordCleared = "record_cleared", Moved = "moved", Died = "died", NewSentence = "new_sentence", Served = "served",
        /// She did not come to live here; whoever sent the notice was told.
        NotCome = "not_come", Other = "other",
    }
}
words! {
    /// What the family said when the address of a notice was checked.
    AddressFound ("address-found") { Right = "right", Elsewhere = "elsewhere", NotComing = "not_coming" }
}
words! {
    /// By which paper a person shows who she is; some come home without any.
    IdentityKind ("identity-kind") { Citizen = "citizen", OldCard = "old_card", Passport = "passport", Nothing = "none" }
}
words! {
    /// Classification by the commune police after the helper's report (TT 10/2024). Sensitive.
    Group ("group") { A = "A", B = "B", C = "C", D = "D" }
}
words! {
    /// Where or how a visit took place.
    VisitKind ("visit-kind") { Home = "home", Office = "office", Elsewhere = "elsewhere", Telephone = "telephone", Family = "family" }
}
words! {
    /// What a follow-up asks for.
    FollowUpKind ("follow-up-kind") {
        Contact = "contact", AddressCheck = "address_check", Reception = "reception", AssignHelper = "assign_helper",
        Assessment = "assessment", Task = "task", PartnerTask = "partner_task", ClearanceReview = "clearance_review",
        // Of a sentence that is served in the community (R3–R7), and of nobody else.
        DutyAssessment = "duty_assessment", AbsenceDecision = "absence_decision", AbsenceReturn = "absence_return",
        Breach = "breach", Shortening = "shortening", Completion = "completion",
    }
}

impl FollowUpKind {
    /// It belongs to a sentence that is served in the community: whoever has served hers, or was amnestied, never has it.
    pub const fn is_duty(self) -> bool {
        matches!(
            self,
            FollowUpKind::DutyAssessment
                | FollowUpKind::AbsenceDecision
                | FollowUpKind::AbsenceReturn
                | FollowUpKind::Breach
                | FollowUpKind::Shortening
                | FollowUpKind::Completion
        )
    }

    /// Its day is the law's or a paper's: it cannot be put off.
    pub const fn stands_fast(self) -> bool {
        self.is_duty() && !matches!(self, FollowUpKind::Breach)
    }
}
words! {
    /// What an assessment of a sentence served in the community, or a report on a postponed one, comes to.
    DutyResult ("duty-result") { Good = "good", Lapses = "lapses", Breached = "breached" }
}
words! {
    /// How far a request for an absence has come.
    AbsenceState ("absence-state") {
        Requested = "requested", Granted = "granted", Refused = "refused", Cancelled = "cancelled", Returned = "returned",
    }
}
words! {
    /// What the officer proposes to the People's Committee.
    AbsenceProposal ("absence-proposal") { Grant = "grant", Refuse = "refuse" }
}
words! {
    /// How far the shortening of a probation has come.
    ShorteningState ("shortening-state") {
        Proposed = "proposed", NotProposed = "not_proposed", Granted = "granted", Refused = "refused",
    }
}
words! {
    /// How the certificate of completion reached the person; nothing obliges her to fetch it.
    CertificateHow ("certificate-how") { Handed = "handed", Kept = "kept", Posted = "posted" }
}
words! {
    /// What an organisation is asked to help with.
    Purpose ("purpose") {
        Livelihood = "livelihood", Training = "training", Loan = "loan", Papers = "papers", Family = "family",
        Health = "health", Counselling = "counselling", Legal = "legal", Children = "children", Other = "other",
    }
}
words! {
    /// What help was given.
    HelpKind ("help-kind") {
        Training = "training", Job = "job", Loan = "loan", Grant = "grant", Tools = "tools", Animals = "animals",
        Land = "land", Papers = "papers", Gift = "gift", Other = "other",
        /// Talks that help to bear what is hard.
        Counselling = "counselling",
        LegalAdvice = "legal_advice",
        /// Registered where she lives.
        Residence = "residence",
        /// A citizen's card was had for her.
        IdCard = "id_card",
    }
}
words! {
    /// Has somebody work, as it was seen last.
    WorkStatus ("work-status") {
        Steady = "steady", Unstable = "unstable", Nothing = "none", Studying = "studying", Unable = "unable",
    }
}
words! {
    /// What a report tells of: a period of the office, or days that somebody chose.
    ReportPeriod ("report-period") {
        Month = "month", Quarter = "quarter", HalfYear = "half_year", Year = "year", Free = "free",
    }
}
words! {
    /// Where a month of a report begins: on the 15th of the one before, as the State reports, or on its first day.
    ReportRule ("report-rule") { State = "state", Calendar = "calendar" }
}
words! {
    /// How far a piece of help has come.
    HelpState ("help-state") { Promised = "promised", Approved = "approved", Given = "given", Cancelled = "cancelled" }
}
words! {
    /// By what the help that was given is summed up.
    HelpSum ("help-sum") {
        Person = "person", Fund = "fund", Organisation = "organisation", Kind = "kind", Month = "month",
        /// For the person herself, for a relative, for a child.
        Whom = "whom",
    }
}
words! {
    /// What stands behind a fund.
    FundKind ("fund-kind") {
        /// State credit through the bank, whose amounts are rules of the law.
        PolicyCredit = "policy_credit",
        Local = "local", Organisation = "organisation", Donation = "donation", Other = "other",
    }
}
words! {
    /// What somebody wants to borrow for.
    LoanPurpose ("loan-purpose") { Training = "training", Business = "business" }
}
words! {
    /// How far a list of people who want to borrow has come.
    LoanListState ("loan-list-state") {
        Draft = "draft", Signed = "signed", Returned = "returned", Confirmed = "confirmed", Sent = "sent", Answered = "answered",
    }
}
words! {
    /// What was said of two records that may be one person's.
    DoubleState ("double-state") {
        Open = "open", NotSame = "not_same", Asked = "asked", Agreed = "agreed", Merged = "merged",
    }
}
words! {
    /// How a request of the province for one case stands.
    CaseRequestState ("case-request-state") {
        Waiting = "waiting", Approved = "approved", Refused = "refused", Ended = "ended",
    }
}
words! {
    /// How far the handing over of a case has come.
    HandoverState ("handover-state") {
        Waiting = "waiting", Accepted = "accepted", Returned = "returned", Withdrawn = "withdrawn",
    }
}
words! {
    /// What the lender said.
    LoanAnswer ("loan-answer") { Granted = "granted", Refused = "refused" }
}
words! {
    /// How a loan stands, as the lender reports it.
    LoanStanding ("loan-standing") { Current = "current", Overdue = "overdue", Repaid = "repaid" }
}
words! {
    /// What kind of meeting it is. A word to count by: what it is called is its own title.
    GatheringKind ("gathering-kind") {
        /// Họp mặt người hoàn lương.
        Reunion = "reunion",
        /// Đối thoại với thân nhân.
        Dialogue = "dialogue",
        /// Công an lắng nghe ý kiến nhân dân.
        Listening = "listening",
        JobFair = "job_fair",
        Club = "club",
        Other = "other",
    }
}
words! {
    /// Who owes an answer to what was said.
    Owes ("owes") { Officer = "officer", Organisation = "organisation", Council = "council" }
}
words! {
    /// How it was answered: by us, or in writing that it is not ours to answer.
    AnswerKind ("answer-kind") { Answered = "answered", Beyond = "beyond" }
}
words! {
    /// What part of a life a need or a goal is about. Health, family and law are walled parts.
    NeedArea ("need-area") {
        Papers = "papers", Home = "home", Work = "work", Money = "money", Health = "health", Family = "family", Law = "law",
        Confidence = "confidence",
    }
}
words! {
    /// How great a need is.
    NeedLevel ("need-level") { Fine = "none", Needed = "some", Urgent = "urgent" }
}
words! {
    /// Of the family beside the person: whom a need, a visit or a piece of help is about.
    KinKind ("kin-kind") { Household = "household", Relative = "relative", Child = "child" }
}
words! {
    /// What somebody of the family needs.
    HomeNeedKind ("home-need-kind") {
        SchoolFees = "school_fees", Books = "books", Bicycle = "bicycle", Insurance = "insurance", Food = "food",
        Housing = "housing", Medicine = "medicine", Papers = "papers", Work = "work", Other = "other",
    }
}
words! {
    /// How a question is answered.
    QuestionKind ("question-kind") { YesNo = "yes_no", Text = "text" }
}
words! {
    /// Who does what a plan says: the officer, an organisation, the person, somebody of the family.
    PlanOwner ("plan-owner") { Officer = "officer", Helper = "helper", Person = "person", Relative = "relative" }
}
words! {
    /// How far a version of a plan has come.
    PlanState ("plan-state") {
        Draft = "draft", Submitted = "submitted", Approved = "approved", Returned = "returned", Replaced = "replaced",
    }
}
words! {
    /// How the person agreed to her plan.
    AgreementHow ("agreement-how") { Signed = "signed", Spoken = "spoken", Telephone = "telephone" }
}
words! {
    /// How a list of names restricts who may know a person: these may not, or these alone may.
    RestrictionKind ("restriction-kind") { Exclusion = "exclusion", Only = "only" }
}
words! {
    /// What a person agrees to: to be passed on to an organisation, or to be shown.
    ConsentGroup ("consent-group") {
        /// Name, hamlet and how to reach her.
        Contact = "contact",
        /// What she needs.
        Needs = "needs",
        /// Help towards a livelihood.
        Livelihood = "livelihood",
        /// What her family needs.
        Family = "family",
        /// A photograph.
        Photo = "photo",
        /// To be shown outside the office as an example.
        Publicity = "publicity",
    }
}

impl ConsentGroup {
    /// It is passed on to an organisation, which has to be named.
    pub const fn is_passed_on(self) -> bool {
        matches!(self, ConsentGroup::Contact | ConsentGroup::Needs | ConsentGroup::Livelihood | ConsentGroup::Family)
    }
}

words! {
    /// What somebody asks about the data that is kept of her.
    RequestKind ("request-kind") {
        /// What is kept about me, and who has looked at it.
        See = "see",
        /// Put it right.
        Correct = "correct",
        /// I agree no longer.
        Withdraw = "withdraw",
        /// Keep it, and use it no further; or let somebody not see it.
        Restrict = "restrict",
        /// Do not use it for this.
        Object = "object",
        /// Forget me.
        Erase = "erase",
        /// A complaint about how it was used.
        Complain = "complain",
    }
}

words! {
    /// Who asks.
    RequestFrom ("request-from") {
        /// The person herself.
        Person = "person",
        /// Somebody who shows that she may speak for her.
        Representative = "representative",
        /// One of the family, for what is kept about herself.
        Relative = "relative",
        /// Somebody of whom it is not known whether anything is kept.
        Unknown = "unknown",
    }
}

words! {
    /// By which way a request came.
    RequestWay ("request-way") { InPerson = "in_person", Letter = "letter", Telephone = "telephone", Electronic = "electronic" }
}

words! {
    /// How far a request has come.
    RequestState ("request-state") {
        /// Waits to be answered.
        Received = "received",
        /// Was answered: what is asked will be done.
        Accepted = "accepted",
        Done = "done",
        /// Was refused, with the reason and its legal basis.
        Refused = "refused",
    }
}

words! {
    /// Why a record is opened in an emergency.
    EmergencyKind ("emergency-kind") {
        LifeInDanger = "life_in_danger", Health = "health", Missing = "missing", Violence = "violence", OnDuty = "on_duty",
        Other = "other",
    }
}
words! {
    /// The main penalty of a judgment, as the court pronounced it.
    PenaltyKind ("penalty-kind") {
        Exempted = "exempted", Measures = "measures", Warning = "warning", Fine = "fine", NonCustodial = "non_custodial",
        Suspended = "suspended", Prison = "prison", Life = "life", Commuted = "commuted",
    }
}
words! {
    /// What else a judgment asks for: additional penalties, money, what is owed to others.
    DutyKind ("duty-kind") {
        Probation = "probation", ResidenceBan = "residence_ban", WorkBan = "work_ban", LossOfRights = "loss_of_rights",
        Money = "money", Civil = "civil",
    }
}
words! {
    /// How grave a crime was (BLHS Điều 9).
    GravityKind ("gravity-kind") {
        LessSerious = "less_serious", Serious = "serious", VerySerious = "very_serious", ExtremelySerious = "extremely_serious",
    }
}
words! {
    /// How old the person was when it was done.
    AgeGroup ("age-group") { Adult = "adult", Under18 = "under_18", Under16 = "under_16" }
}
words! {
    /// The paper by which a record was cleared.
    ClearancePaper ("clearance-paper") { Certificate = "certificate", Decision = "decision" }
}
words! {
    /// How much of a birth date is known.
    Precision ("precision") { Day = "day", Month = "month", Year = "year" }
}
words! {
    /// Man or woman, as the papers say; may be left open.
    Sex ("sex") { Male = "male", Female = "female" }
}
words! {
    /// Why a note is kept from the person concerned.
    ProtectedReason ("protected-reason") {
        ThirdPerson = "third_person", Safety = "safety", BeingChecked = "being_checked", Family = "family",
    }
}
words! {
    /// What was done so that nothing is lost.
    BackupKind ("backup-kind") {
        /// A backup was made.
        Made = "made",
        /// The program tried a copy by itself.
        Drill = "drill",
        /// The key holder opened a backup and tried it.
        Holder = "holder",
        /// A backup was put back.
        Restored = "restored",
    }
}
words! {
    /// What was wrong with it.
    BackupWhy ("backup-why") {
        None = "none",
        /// No room, or no right to write.
        Place = "place",
        /// A program of the database is not there or refuses.
        Program = "program",
        /// A file is not the one that was described, or does not open.
        File = "file",
        /// The database is broken in itself.
        Damaged = "damaged",
        /// It does not hold what it held when the copy was made.
        Differs = "differs",
        /// The trail is not as it was written.
        Trail = "trail",
        /// Secrets do not open, or root key and keyring do not belong together.
        Keys = "keys",
    }
}
