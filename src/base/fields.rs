//! Every column of the database, once: how secret it is, and whose it is.
//!
//! A new column has a line here or `tests/it/registry.rs` fails. S1 is nobody's secret; S2 is in clear, because lists and
//! reports sort, group and search by it, behind the wall of its act; S3 is sealed, and has a type of its own by which it is
//! sealed and opened. A `mark` is the keyed hash of a number that is searched by exact match.

use super::{sealed::Field, time::Day};

/// How secret a column is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    S1,
    S2,
    S3,
}

/// To whom the rows of a table belong, and by which column one comes there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// To the person with this id.
    Person(&'static str),
    /// To the person of the case with this id.
    Case(&'static str),
    /// To the person of the case of the referral with this id.
    Referral(&'static str),
    /// To whom the row of that table belongs that this column names.
    Through(&'static str, &'static str),
    /// To an account.
    Staff(&'static str),
    /// To the office.
    Office,
}

/// One column.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    pub table: &'static str,
    pub name: &'static str,
    pub class: Class,
    pub whose: Whose,
}

/// Somebody who goes by every sealed field.
pub trait Visitor {
    fn see<F: Field>(&mut self);
}

macro_rules! registry {
    ($($table:ident: $whose:expr, S1 [$($one:ident)*] S2 [$($two:ident)*] S3 [$($three:ident: $marker:ident = $value:ty),* $(,)?];)+) => {
        /// Every column of every table.
        pub const COLUMNS: &[Column] = &[$(
            $(Column { table: stringify!($table), name: stringify!($one), class: Class::S1, whose: $whose },)*
            $(Column { table: stringify!($table), name: stringify!($two), class: Class::S2, whose: $whose },)*
            $(Column { table: stringify!($table), name: stringify!($three), class: Class::S3, whose: $whose },)*
        )+];
        /// Goes by every sealed field, each as its type.
        pub fn each_secret(visitor: &mut impl Visitor) {
            $($(visitor.see::<$marker>();)*)*
        }
        $($(
            #[doc = concat!("`", stringify!($table), ".", stringify!($three), "`, sealed.")]
            #[derive(Clone, Copy, Debug)]
            pub struct $marker;
            impl Field for $marker {
                const TABLE: &'static str = stringify!($table);
                const COLUMN: &'static str = stringify!($three);
                type Value = $value;
            }
        )*)+
    };
}

use Whose::{Case, Office, Person, Referral, Staff, Through};

registry! {
    areas: Office, S1 [code name name_fold kind province_code valid_from valid_to legal_basis] S2 [] S3 [];
    hamlets: Office, S1 [id area_code name name_fold kind valid_from valid_to] S2 [] S3 [];
    holidays: Office, S1 [on_day kind name_vi name_en legal_basis] S2 [] S3 [];
    organisations: Office, S1 [id area_code kind name_vi name_en] S2 [] S3 [];
    users: Staff("id"),
        S1 [id role area_code organisation_id must_change demo lang digest_rhythm disabled_at password_at used_at created_at version]
        S2 [username name name_key email password] S3 [];
    // Address and browser of a sign-in are shown to its holder and to admins.
    sessions: Staff("user_id"),
        S1 [token id user_id kind created_at seen_at proved_at expires_at ended_at stage factor challenge] S2 [address agent] S3 [];
    totps: Staff("user_id"), S1 [user_id last_step made_at confirmed_at] S2 [] S3 [secret: TotpSecret = String];
    recovery_codes: Staff("user_id"), S1 [hash user_id made_at used_at] S2 [] S3 [];
    passkeys: Staff("user_id"), S1 [id user_id public_key counter name made_at used_at] S2 [] S3 [];
    devices: Staff("user_id"), S1 [hash user_id made_at seen_at tries tries_since failures] S2 [] S3 [];
    sign_in_tries: Office, S1 [name_hash failures failed_at next_at] S2 [] S3 [];
    resets: Staff("user_id"), S1 [hash user_id made_by made_at expires_at used_at] S2 [] S3 [];
    kept_filters: Staff("user_id"), S1 [id user_id address made_at] S2 [] S3 [];
    policy: Office, S1 [id version model policy hash changed_at] S2 [] S3 [];
    // The trail names no person: ids, words and counts only.
    audit: Office,
        S1 [seq id at user_id actor session act subject subject_id case_id purpose outcome detail policy_version request prev hash]
        S2 [] S3 [];
    checkpoints: Office, S1 [number at seq head rows signer signature] S2 [] S3 [];
    reviews: Office, S1 [id number begun_at begun_by signed_at signed_by version] S2 [] S3 [note: ReviewNote = String];
    review_lines: Staff("user_id"),
        S1 [review_id user_id role area_code disabled last_sign_in_at verdict by at] S2 [] S3 [note: VerdictNote = String];
    idempotency: Staff("user_id"), S1 [user_id key route hash new_id at] S2 [] S3 [];
    people: Person("id"), S1 [id created_at version]
        S2 [name name_fold name_key aliases alias_fold sex birth_year birth_precision]
        S3 [birth_on: BirthOn = Day];
    identities: Person("person_id"), S1 [person_id changed_at] S2 [number_mark kind]
        S3 [number: IdentityNumber = String];
    origins: Person("person_id"), S1 [person_id changed_at] S2 []
        S3 [ethnicity: Ethnicity = String, religion: Religion = String];
    healths: Person("person_id"), S1 [person_id changed_at] S2 [] S3 [note: HealthNote = String];
    cases: Person("person_id"), S1 [id rule_version created_at version]
        S2 [code person_id area_code hamlet_id status opened_on officer_id last_contact_on never_met tries to_supervisor urgent_at]
        S3 [];
    contacts: Case("case_id"), S1 [case_id changed_at] S2 [phone_mark]
        S3 [phone: ContactPhone = String, phone_of: ContactPhoneOf = String, address: ContactAddress = String,
            wishes: ContactWishes = String, visit_safely: ContactVisitSafely = String];
    legals: Case("case_id"), S1 [case_id changed_at] S2 [regime continued_from]
        S3 [juvenile: Juvenile = bool, source: LegalSource = String, certificate_no: CertificateNo = String,
            certificate_on: CertificateOn = Day, released_on: ReleasedOn = Day, noticed_on: NoticedOn = Day,
            address_checked_on: AddressCheckedOn = Day, address_found: AddressFoundWord = String, informed_on: InformedOn = Day,
            present_by_on: PresentByOn = Day, received_on: ReceivedOn = Day, pledged_on: PledgedOn = Day, sheet_on: SheetOn = Day,
            moved_in_on: MovedInOn = Day, moved_from: MovedFrom = String, continued_on: ContinuedOn = Day, reopened_on: ReopenedOn = Day,
            suspended_review_on: SuspendedReviewOn = Day, closed_on: ClosedOn = Day, closure_ground: ClosureGroundWord = String,
            closure_note: ClosureNote = String, moved_to: MovedTo = String];
    sentences: Case("case_id"), S1 [id case_id made_at] S2 []
        S3 [offence: Offence = String, penalty: Penalty = String, sentenced_on: SentencedOn = Day, court: Court = String];
    classifications: Case("case_id"), S1 [id case_id made_at] S2 [grp since_on report_on organisation_id by]
        S3 [reason: ClassificationReason = String, report: ClassificationReport = String];
    corrections: Case("case_id"), S1 [id case_id made_at] S2 [part field by]
        S3 [before: CorrectionBefore = String, after: CorrectionAfter = String];
    protected_notes: Case("case_id"), S1 [id case_id made_at] S2 [review_on by]
        S3 [reason: ProtectedReasonWord = String, note: ProtectedNoteText = String];
    relatives: Case("case_id"),
        S1 [id case_id made_by made_at ended_at withdrawn_at version] S2 [consented_on consented_how shares]
        S3 [name: RelativeName = String, relation: RelativeRelation = String, phone: RelativePhone = String,
            needs: RelativeNeeds = String];
    households: Case("case_id"),
        S1 [id case_id made_by made_at ended_at withdrawn_at version]
        S2 [hamlet_id with_person speaker_id consented_on consented_how shares] S3 [address: HouseholdAddress = String];
    children: Case("case_id"),
        S1 [id case_id made_by made_at ended_at withdrawn_at version] S2 [guardian_id consented_on consented_how shares]
        S3 [name: ChildName = String, born_year: ChildBornYear = String, school: ChildSchool = String, grade: ChildGrade = String];
    household_members: Case("case_id"), S1 [id case_id household_id made_at ended_at] S2 [relative_id child_id] S3 [];
    family_corrections: Case("case_id"), S1 [id case_id household_id made_at] S2 [child_id field by]
        S3 [before: FamilyCorrectionBefore = String, after: FamilyCorrectionAfter = String];
    home_needs: Case("case_id"), S1 [id case_id household_id made_at version]
        S2 [relative_id child_id kind level by met_on met_by] S3 [what: HomeNeedWhat = String, met_note: HomeNeedMetNote = String];
    assignments: Case("case_id"), S1 [id case_id made_by made_at] S2 [officer_id from_on to_on]
        S3 [reason: AssignmentReason = String];
    handovers: Case("case_id"), S1 [id case_id made_by made_at version]
        S2 [from_area to_area from_officer_id to_officer_id state answered_by answered_at]
        S3 [reason: HandoverReason = String, answer: HandoverAnswer = String, sheet: HandoverSheet = String];
    covers: Staff("officer_id"), S1 [id officer_id cover_id from_on to_on made_by made_at ended_at] S2 [] S3 [];
    referrals: Case("case_id"), S1 [id case_id made_by made_at version]
        S2 [organisation_id purpose basis from_on to_on ended_at ended_by]
        S3 [needs: ReferralNeeds = String, basis_ref: ReferralBasisRef = String, ended_reason: ReferralEndedReason = String];
    referral_helpers: Referral("referral_id"), S1 [referral_id user_id] S2 [] S3 [];
    visits: Case("case_id"), S1 [id case_id logged_at version]
        S2 [on_day kind met by in_charge organisation_id next_on withdrawn_at withdrawn_by relative_id child_id]
        S3 [shared_note: SharedNote = String, withdrawn_reason: WithdrawnReason = String];
    visit_notes: Case("case_id"), S1 [visit_id case_id] S2 [] S3 [note: VisitNote = String];
    rules: Office, S1 [word version amount unit valid_from legal_basis name_vi name_en] S2 [] S3 [];
    rulebook: Office, S1 [id version] S2 [] S3 [];
    follow_ups: Case("case_id"), S1 [id case_id made_at version]
        S2 [kind rule rule_version base_on due_on interval_days halved family postponed organisation_id made_by made_visit_id
            done_at done_by done_visit_id dropped_at]
        S3 [what: FollowUpWhat = String, done_note: DoneNote = String];
    postponements: Case("case_id"), S1 [id follow_up_id case_id at] S2 [kind rule from_on to_on by]
        S3 [reason: PostponementReason = String];
    replan_runs: Office, S1 [id reason rule_version after_case planned differing made_at done_at] S2 [] S3 [];
    funds: Office,
        S1 [id area_code kind name least_vnd most_vnd most_months rate_month terms head_approves from_on to_on made_by made_at version]
        S2 [] S3 [];
    helps: Case("case_id"), S1 [id case_id made_at version]
        S2 [organisation_id fund_id kind state promised_on given_on vnd quantity starts_on ends_on wage by relative_id child_id]
        S3 [what: HelpWhat = String, fund: HelpFund = String, employer: HelpEmployer = String, certificate: HelpCertificate = String];
    help_steps: Case("case_id"), S1 [id help_id case_id made_at] S2 [state on_day vnd by] S3 [receipt: HelpReceipt = String];
    work_checks: Case("case_id"), S1 [id help_id case_id follow_up_id made_at] S2 [months due_on seen_on at_work by]
        S3 [note: WorkCheckNote = String];
    work_statuses: Case("case_id"), S1 [id case_id made_at] S2 [status since_on by] S3 [note: WorkStatusNote = String];
    loan_lists: Office,
        S1 [id area_code fund_id number state made_by made_at signed_by signed_at decided_by decided_at sent_by sent_at answered_at version]
        S2 [] S3 [comment: LoanListComment = String];
    loan_lines: Case("case_id"), S1 [id list_id case_id made_at carried_at version]
        S2 [purpose vnd months by withdrawn_at withdrawn_by struck_at struck_by answer answered_on answered_by]
        S3 [what: LoanWhat = String, content: LoanContent = String, answer_note: LoanAnswerNote = String];
    // The lender's own: it outlives the case that it came from.
    loan_accounts: Person("person_id"), S1 [id area_code fund_id line_id made_at version]
        S2 [person_id vnd disbursed_on due_on repaid_vnd standing reported_on] S3 [];
    loan_repayments: Through("loan_accounts", "account_id"), S1 [id account_id made_at] S2 [on_day vnd standing by] S3 [];
    // Of the commune, or with the family of one person: then it goes with her case.
    gatherings: Case("case_id"), S1 [id area_code kind minuted_by minuted_at cancelled_by cancelled_at made_by made_at version]
        S2 [case_id on_day at_time outsiders outsiders_came]
        S3 [title: GatheringTitle = String, place: GatheringPlace = String, leader: GatheringLeader = String,
            minutes: GatheringMinutes = String, cancelled_reason: CancelledReason = String];
    gathering_moves: Case("case_id"), S1 [id gathering_id made_at] S2 [case_id from_on from_time to_on to_time by]
        S3 [reason: GatheringMoveReason = String];
    gathering_guests: Case("case_id"), S1 [id gathering_id made_at withdrawn_at marked_at]
        S2 [case_id relative_id by came marked_by] S3 [];
    gathering_parties: Office, S1 [id gathering_id organisation_id came by made_at] S2 [] S3 [];
    opinions: Case("case_id"), S1 [id gathering_id follow_up_id made_at version]
        S2 [case_id relative_id owes owes_user_id organisation_id due_on by answer_kind answered_on answered_by]
        S3 [text: OpinionText = String, answer: OpinionAnswer = String];
    community_models: Office,
        S1 [id area_code name hamlet since_on until_on copied_from_id copied_from people vnd made_by made_at version]
        S2 [] S3 [about: ModelAbout = String];
    model_results: Office, S1 [id model_id on_day people vnd by made_at] S2 [] S3 [what: ModelResultWhat = String];
    commendations: Office, S1 [id model_id by_whom number on_day by made_at] S2 [] S3 [to_whom: CommendedWhom = String];
    duty_terms: Case("case_id"), S1 [id case_id made_at] S2 [by] S3 [content: DutyTermContent = String];
    duty_assessments: Case("case_id"), S1 [id case_id made_at] S2 [round_on made_on sent_on by]
        S3 [content: DutyAssessmentContent = String];
    duty_absences: Case("case_id"), S1 [id case_id task_id return_task_id made_at version]
        S2 [state asked_on from_on to_on proposal decided_on decided_by decided_at returned_on by]
        S3 [content: AbsenceContent = String, decision: AbsenceDecisionContent = String];
    duty_breaches: Case("case_id"), S1 [id case_id task_id made_at] S2 [on_day due_on settled_on by]
        S3 [content: BreachContent = String];
    duty_shortenings: Case("case_id"), S1 [id case_id made_at] S2 [state proposed_on decided_on months by]
        S3 [content: ShorteningContent = String];
    duty_certificates: Case("case_id"), S1 [id case_id made_at] S2 [given_on how by] S3 [content: CertificateContent = String];
    suspensions: Case("case_id"), S1 [id case_id made_at] S2 [] S3 [from_on: SuspendedFromOn = Day, to_on: SuspendedToOn = Day];
    attachments: Case("case_id"), S1 [id case_id made_at removed_at version]
        S2 [kind media bytes file_hash by organisation_id removed_by]
        S3 [name: AttachmentName = String, note: AttachmentNote = String, file_key: AttachmentKey = String,
            removed_reason: AttachmentRemoved = String];
    document_templates: Office, S1 [id kind version valid_from body made_by made_at] S2 [] S3 [];
    document_series: Office, S1 [area_code kind year last] S2 [] S3 [];
    // A paper of a commune hangs on no case: what it tells of people stands in its rows.
    documents: Case("case_id"),
        S1 [id area_code case_id kind year number on_day template_version template_hash made_at printings withdrawn_at replaced_by version]
        S2 [parts by withdrawn_by]
        S3 [hash: DocumentHash = String, body: DocumentBody = String, withdrawn_reason: DocumentWithdrawn = String];
    document_rows: Case("case_id"), S1 [id document_id rank case_id] S2 [] S3 [cells: DocumentCells = String];
    document_printings: Through("documents", "document_id"), S1 [id document_id copy at] S2 [by] S3 [];
    questions: Office, S1 [version word area kind rank valid_from asks_vi asks_en] S2 [] S3 [];
    needs: Case("case_id"), S1 [id case_id made_at] S2 [area question_version level by] S3 [note: NeedNote = String];
    need_answers: Case("case_id"), S1 [id need_id case_id] S2 [question] S3 [answer: NeedAnswer = String];
    question_sets: Office, S1 [version valid_from made_by made_at] S2 [] S3 [];
    urgencies: Case("case_id"), S1 [id case_id need_id home_need_id raised_at answered_at met_at version]
        S2 [area raised_by answered_by] S3 [answer: UrgencyAnswer = String];
    plans: Case("case_id"), S1 [id case_id number made_by made_at version]
        S2 [state agreed_on agreed_how submitted_by submitted_at decided_by decided_at]
        S3 [comment: PlanComment = String];
    plan_goals: Case("case_id"), S1 [id plan_id case_id made_at dropped_at] S2 [area owner organisation_id relative_id]
        S3 [what: GoalWhat = String];
    plan_steps: Case("case_id"), S1 [id plan_id goal_id case_id follow_up_id made_at dropped_at]
        S2 [due_on owner organisation_id relative_id] S3 [what: StepWhat = String];
    digests: Staff("user_id"),
        S1 [id user_id area_code on_day composed_at opened_at open_count overdue_count oldest_days never_met_count
            unassigned_count postponed_count to_supervisor_count missed missed_from missed_to recalculating
            fingerprint] S2 [] S3 [];
    digest_rows: Case("case_id"), S1 [digest_id rank] S2 [case_id kind days_late officer_id] S3 [];
    digest_groups: Office, S1 [digest_id kind rank key_id open_count overdue_count oldest_days postponed_count never_met_count
        unassigned_count] S2 [] S3 [];
    digest_owed: Office, S1 [digest_id word waiting late] S2 [] S3 [];
    jobs: Office, S1 [id kind key user_id due_at lease_until worker attempts done_at outcome] S2 [] S3 [];
    backups: Office, S1 [id kind at why name bytes millis by] S2 [] S3 [];
    mails: Staff("user_id"), S1 [id user_id message_id made_at next_at attempts sent_at dead_at last_error] S2 []
        S3 [address: MailAddress = String, subject: MailSubject = String, body: MailBody = String];
    imports: Office, S1 [id area_code file_hash opened refused made_by made_at undone_at undone_by taken_back] S2 [] S3 [];
    restrictions: Case("case_id"), S1 [id case_id person_id made_by made_at ended_at ended_by version]
        S2 [kind] S3 [reason: RestrictionReason = String, ended_reason: RestrictionEndedReason = String];
    restriction_users: Through("restrictions", "restriction_id"), S1 [restriction_id user_id] S2 [] S3 [];
    emergencies: Case("coalesce(case_id, shut_case_id)"),
        S1 [id user_id case_id shut_case_id opened_at ends_at acknowledged_at acknowledged_by version]
        S2 [code kind restricted]
        S3 [reason: EmergencyReason = String, acknowledged_note: AcknowledgedNote = String];
    merges: Person("kept_id"), S1 [id double_id made_by made_at] S2 [kept_id gone_id] S3 [before: MergeBefore = String];
    merge_moves: Through("merges", "merge_id"), S1 [merge_id tab row_id] S2 [] S3 [];
    possible_doubles: Case("case_id"), S1 [id case_id found_at settled_by settled_at case_agreed_by other_agreed_by version]
        S2 [other_id why state] S3 [];
    case_requests: Case("case_id"), S1 [id asked_by asked_at decided_by decided_at ended_by ended_at version]
        S2 [code case_id until_on state]
        S3 [document_no: AskedPaper = String, reason: AskedReason = String, answer: AskedAnswer = String];
    emergency_readers: Through("emergencies", "emergency_id"), S1 [emergency_id user_id] S2 [] S3 [];
    erasures: Person("person_id"), S1 [id case_id person_id asked_by asked_at approved_by approved_at done_at] S2 []
        S3 [reason: ErasureReason = String];
    consent_texts: Office, S1 [id grp number from_on text_vi text_en hash made_by made_at] S2 [] S3 [];
    consents: Case("case_id"), S1 [id case_id person_id text_id text_hash made_by made_at withdrawn_by version]
        S2 [grp organisation_id how given_on withdrawn_at] S3 [paper: ConsentPaper = String, withdrawal: ConsentWithdrawal = String];
    // A request is a person's, not a case's: it is answered although her case was sealed.
    requests: Person("person_id"),
        S1 [id number area_code answer_rule_version act_rule act_rule_version handler_id extended_by answered_by done_by made_by
            made_at version]
        S2 [case_id person_id asker_kind kind way others received_on answer_by_on act_by_on due_on state extended_at answered_on
            done_on]
        S3 [asker: RequestAsker = String, proof: RequestProof = String, contact: RequestContact = String,
            what: RequestWhat = String, answer: RequestAnswer = String, extension: RequestExtension = String,
            refusal: RequestRefusal = String, refusal_basis: RequestRefusalBasis = String, outcome: RequestOutcome = String];
    judgments: Case("case_id"), S1 [id case_id made_at changed_at] S2 [by] S3 [terms: JudgmentTerms = String];
    sealings: Case("case_id"),
        S1 [id case_id code sealed_at sealed_by asked_by asked_at ended_at ended_by version] S2 [paper paper_on]
        S3 [paper_no: SealingPaperNo = String, consent: SealingConsent = String, reason: UnsealingReason = String];
    sealed_figures: Office, S1 [area_code measure word since until n vnd] S2 [] S3 [];
    bulletins: Staff("user_id"), S1 [id user_id area_code on_day composed_at opened_at missed missed_from missed_to] S2 [] S3 [];
    bulletin_lines: Office,
        S1 [bulletin_id area_code cases open_count overdue_count oldest_days never_met_count unassigned_count headless unread]
        S2 [] S3 [];
    import_rows: Case("case_id"), S1 [area_code row_hash import_id case_id kept] S2 [] S3 [];
}
