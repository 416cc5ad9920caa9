//! Every act that the program knows: a thing that one may do, as a type, with its word in `policies/policy.csv`.
//!
//! A new act is one line here, and one or more lines in the policy; without a line nobody may do it.

use super::subjects::{
    Absence, Area, Attachment, Bulletin, Case, CaseRequest, Child, CommunityModel, Consent, Digest, Document,
    Emergency, FollowUp, Fund, Gathering, Guest, Handover, Help, HomeNeed, Household, Import, LoanAccount, LoanLine,
    LoanList, Mail, Opinion, Organisation, Plan, PossibleDouble, Referral, Relative, Request, Restriction, Sealing,
    Staff, Subject, Trail, Urgency, Visit,
};

/// A thing that one may do to one kind of record.
pub trait Act: Send + Sync + 'static {
    type On: Subject;
    /// Its word in the policy, for example `visit.log`.
    const NAME: &'static str;
    /// Its place in [`ALL`].
    const INDEX: usize;
    /// A list act: it gives scopes. The matrix test asks for a near that a list can be cut by.
    const LIST: bool;
}

/// What is known of an act without its type.
#[derive(Clone, Copy, Debug)]
pub struct ActInfo {
    pub name: &'static str,
    pub on: &'static str,
    pub list: bool,
}

macro_rules! acts {
    ($($(#[$doc:meta])* $name:ident on $on:ident = $word:literal $($list:ident)?;)+) => {
        acts!(@index 0usize; $($name)+);
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug)]
            pub struct $name;
            impl Act for $name {
                type On = $on;
                const NAME: &'static str = $word;
                const INDEX: usize = index::$name;
                const LIST: bool = acts!(@list $($list)?);
            }
        )+
        /// Every act, in the order of this page.
        pub const ALL: &[ActInfo] = &[$(ActInfo { name: $word, on: <$on as Subject>::NAME, list: acts!(@list $($list)?) }),+];
    };
    (@list list) => { true };
    (@list) => { false };
    (@index $n:expr; $($name:ident)+) => {
        #[allow(non_upper_case_globals, non_camel_case_types)]
        mod index {
            #[repr(usize)]
            enum Order { $($name),+ }
            $(pub const $name: usize = Order::$name as usize;)+
        }
    };
}

acts! {
    /// Open a person's page.
    SeeCase on Case = "case.see";
    /// List and search people.
    ListCases on Case = "case.list" list;
    /// Export the list to a file.
    ExportCases on Case = "case.export" list;
    /// Open a new case in a commune.
    OpenCase on Area = "case.open";
    /// Bring in a commune's list from a file.
    ImportCases on Area = "case.import";
    SeeImport on Import = "import.see";
    /// The lists that were brought in, with their counts.
    ListImports on Import = "import.list" list;
    /// Take back what a list opened, but for what people have worked on since.
    UndoImport on Import = "import.undo";
    /// Correct name, contact, hamlet.
    EditCase on Case = "case.edit";
    /// Record a step: address checked, received, suspended, resumed.
    MoveCase on Case = "case.move";
    /// Close a case on a ground.
    CloseCase on Case = "case.close";
    /// Open a closed case again, with a reason.
    ReopenCase on Case = "case.reopen";
    /// Let a case go on under the regime that follows on its own.
    ContinueCase on Case = "case.continue";
    /// Open a new case for the person of a closed one.
    OpenAgain on Case = "case.open_again";
    /// What was put right in a case, when and by whom; what was put right in a part is seen with that part.
    SeeHistory on Case = "history.see";

    // Sensitive parts, each its own table.
    SeeIdentity on Case = "identity.see";
    SeeLegal on Case = "legal.see";
    SeeSentence on Case = "sentence.see";
    SeeHealth on Case = "health.see";
    SeeFamily on Case = "family.see";
    SeeClassification on Case = "classification.see";
    SeeOrigin on Case = "origin.see";
    SeeProtectedNote on Case = "protected_note.see";
    SeeVisitNote on Case = "visit_note.see";
    /// Change identity, sentence, health, origin, protected note.
    EditParts on Case = "parts.edit";
    /// Ask for a person to be erased for good.
    AskErasure on Case = "erasure.ask";
    /// Agree, as another person than who asked.
    ApproveErasure on Case = "erasure.approve";
    /// Put a person in group A, B, C or D.
    Classify on Case = "classification.set";

    /// Record the paper by which a record was cleared: the case is sealed.
    SealCase on Case = "case.seal";
    /// What was sealed, by number and day: no name, no code of a case.
    SeeSealing on Sealing = "sealing.see";
    ListSealings on Sealing = "sealing.list" list;
    /// Ask for a sealed case to be opened again.
    AskUnsealing on Sealing = "unsealing.ask";
    /// Agree to it, as another person than who asked.
    ApproveUnsealing on Sealing = "unsealing.approve";

    /// What the person of a case has agreed to.
    SeeConsents on Case = "consent.of_case";
    GiveConsent on Case = "consent.give";
    SeeConsent on Consent = "consent.see";
    /// Write down that she agrees no longer.
    WithdrawConsent on Consent = "consent.withdraw";
    /// Bring a new wording into force.
    AddConsentText on Area = "consent_text.add";

    /// Take down what the person of a case, or somebody for her, asks about her data.
    TakeRequest on Case = "request.take";
    /// Take down a request of somebody of whom it is not said whether anything is kept.
    ReceiveRequest on Area = "request.receive";
    /// Take down a request about a sealed case, by the number of its seal.
    TakeSealedRequest on Sealing = "request.take_sealed";
    /// The requests about one case.
    SeeRequests on Case = "request.of_case";
    /// The register: numbers, kinds and clocks, without what was asked or by whom.
    SeeRequest on Request = "request.see";
    ListRequests on Request = "request.list" list;
    /// Take out the file of all that is kept about a person, for her.
    TakeSubjectFile on Case = "subject_file.take";
    /// What was asked, by whom, and what she was told.
    ReadRequest on Request = "request.read";
    /// Answer, put off, refuse; say about whose case it is.
    DecideRequest on Request = "request.decide";
    /// Write down that it was done.
    FinishRequest on Request = "request.finish";

    LogVisit on Case = "visit.log";
    SeeVisit on Visit = "visit.see";
    /// Take back a visit that was logged by mistake.
    WithdrawVisit on Visit = "visit.withdraw";

    SeeFollowUp on FollowUp = "follow_up.see";
    ListFollowUps on FollowUp = "follow_up.list" list;
    /// Take one's tasks out as a file.
    ExportFollowUps on FollowUp = "follow_up.export" list;
    AddTask on Case = "follow_up.add";
    CompleteFollowUp on FollowUp = "follow_up.complete";
    PostponeFollowUp on FollowUp = "follow_up.postpone";
    /// Counts by commune and officer, without a case.
    CountFollowUps on Area = "follow_up.count" list;

    /// Set a rule or a day of the working calendar.
    /// Read by how many days and when something is due. Whoever sees a helper's part of a case only does not: an interval
    /// would tell her the group.
    SeeRules on Area = "rule.see";
    EditRules on Area = "rule.edit";

    Assign on Case = "case.assign";
    /// Who was in charge, from when to when.
    SeeAssignments on Case = "assignment.see";
    /// Let an officer stand in for another on leave.
    AddCover on Area = "cover.add";
    /// Hand one case over: to another officer of the commune, or to another commune.
    HandOver on Case = "case.hand_over";
    /// Hand many over at once, for example all of an officer who leaves.
    HandOverMany on Area = "case.hand_over_many";
    /// To whom a case was handed, when and why.
    SeeHandovers on Case = "handover.of_case";
    /// One handover with its sheet.
    SeeHandover on Handover = "handover.see";
    ListHandovers on Handover = "handover.list" list;
    /// Take a case that was handed over: the officer who was chosen, or the head of the other commune, who names one.
    AcceptHandover on Handover = "handover.accept";
    /// Send it back, saying why.
    ReturnHandover on Handover = "handover.return";
    /// Take it back before it is answered.
    WithdrawHandover on Handover = "handover.withdraw";
    Refer on Case = "case.refer";
    SeeReferrals on Case = "referral.list";
    SeeReferral on Referral = "referral.see";
    EndReferral on Referral = "referral.end";

    /// Who may not know the person, or who alone may.
    SeeRestrictions on Case = "restriction.list";
    SetRestriction on Case = "restriction.set";
    SeeRestriction on Restriction = "restriction.see";
    EndRestriction on Restriction = "restriction.end";

    /// Open a record that one has not, by its code, for half an hour, saying why.
    OpenEmergency on Area = "emergency.open";
    SeeEmergency on Emergency = "emergency.see";
    ListEmergencies on Emergency = "emergency.list" list;
    /// Say that one has heard of it.
    AcknowledgeEmergency on Emergency = "emergency.acknowledge";

    /// Two records that may be one person's, as far as one may know them.
    SeeDouble on PossibleDouble = "double.see";
    ListDoubles on PossibleDouble = "double.list" list;
    /// Say whether they are: the head of both, or the province as the keeper of data.
    SettleDouble on PossibleDouble = "double.settle";
    /// Answer the province for one's own side.
    AnswerDouble on PossibleDouble = "double.answer";

    /// Join the two people of a pair on which all have agreed.
    MergePeople on PossibleDouble = "double.merge";
    /// Make two people of them again.
    UndoMerge on PossibleDouble = "double.unmerge";

    /// Ask for one case by its exact code, with a paper and a last day.
    AskCase on Area = "case_request.ask";
    SeeCaseRequest on CaseRequest = "case_request.see";
    ListCaseRequests on CaseRequest = "case_request.list" list;
    /// Let the one who asked open the case until that day, or not.
    DecideCaseRequest on CaseRequest = "case_request.decide";
    /// End it before that day.
    EndCaseRequest on CaseRequest = "case_request.end";

    AddRelative on Case = "relative.add";
    SeeRelative on Relative = "relative.see";
    EndRelative on Relative = "relative.end";
    /// Write down that she agrees to be named and called, or that she does so no longer.
    SetConsent on Relative = "relative.consent";
    /// What the family needs, as far as it lets helpers know: no name, no number, nothing of the person.
    SeeFamilyNeeds on Case = "family_needs.see";

    /// Write down who lives together, where, and who speaks for them.
    AddHousehold on Case = "household.add";
    SeeHousehold on Household = "household.see";
    /// Put a household right, take it out, write down its consent or that it was withdrawn.
    ChangeHousehold on Household = "household.change";
    /// Write down a child, as it is called at home.
    AddChild on Case = "child.add";
    SeeChild on Child = "child.see";
    /// Put its record right, take it out, write down the guardian's consent or that it was withdrawn.
    ChangeChild on Child = "child.change";
    /// Write down what a household, a child or a relative needs.
    AddHomeNeed on Case = "home_need.add";
    SeeHomeNeed on HomeNeed = "home_need.see";
    /// Say that it was met.
    MeetHomeNeed on HomeNeed = "home_need.meet";

    LogHelp on Case = "help.log";
    /// Help of every organisation, the officer's view.
    SeeHelp on Case = "help.see";
    /// One piece of help: for a helper, of her own organisation.
    ReadHelp on Help = "help.read";
    /// Say how far it has come: approved, given, cancelled.
    ChangeHelp on Help = "help.change";
    /// Approve help from a fund that asks for the head's word.
    ApproveHelp on Help = "help.approve";
    /// Sums of help: by person, fund, organisation, kind, month.
    SumHelp on Help = "help.sum" list;

    SeeFund on Fund = "fund.see";
    /// The funds that one may use.
    ListFunds on Fund = "fund.list" list;
    /// Write down a fund of the commune with its rules.
    AddFund on Area = "fund.add";
    /// Say that a fund gives nothing any more.
    EndFund on Fund = "fund.end";

    /// May this person borrow, and what was asked for.
    SeeLoans on Case = "loan.see";
    /// Put somebody on the list of those who want to borrow.
    AskLoan on Case = "loan.ask";
    SeeLoanList on LoanList = "loan_list.see";
    ListLoanLists on LoanList = "loan_list.list" list;
    /// Sign a list and hand it to the People's Committee.
    SignLoanList on LoanList = "loan_list.sign";
    /// Confirm a list, or return it.
    ConfirmLoanList on LoanList = "loan_list.confirm";
    /// Send a confirmed list to the lender.
    SendLoanList on LoanList = "loan_list.send";
    SeeLoanLine on LoanLine = "loan_line.see";
    /// Confirmed lines that were sent.
    ListLoanLines on LoanLine = "loan_line.list" list;
    /// Take somebody off a list before it is signed.
    WithdrawLoanLine on LoanLine = "loan_line.withdraw";
    /// What the lender said: lent how much, or refused.
    AnswerLoanLine on LoanLine = "loan_line.answer";
    SeeLoanAccount on LoanAccount = "loan_account.see";
    ListLoanAccounts on LoanAccount = "loan_account.list" list;
    /// Report what was paid back.
    ReportLoan on LoanAccount = "loan_account.report";

    SeeGathering on Gathering = "gathering.see";
    ListGatherings on Gathering = "gathering.list" list;
    /// Plan a meeting of the commune.
    PlanGathering on Area = "gathering.plan";
    /// Plan a dialogue with the family of one person.
    PlanDialogue on Case = "dialogue.plan";
    /// Put it right, move or cancel it; ask people to it, write down who came and what was said.
    ChangeGathering on Gathering = "gathering.change";
    /// What was written down of it.
    SeeMinutes on Gathering = "minutes.see";
    /// Ask the person of a case, or one of the family, to come; write down what she said there.
    InviteGuest on Case = "guest.invite";
    SeeGuest on Guest = "guest.see";
    /// Those who were asked to come, each as far as her case may be known.
    ListGuests on Guest = "guest.list" list;
    /// To what a person was asked, and whether she came.
    SeeAttendance on Case = "attendance.see";
    SeeOpinion on Opinion = "opinion.see";
    /// What was said, and who owes an answer by when.
    ListOpinions on Opinion = "opinion.list" list;
    AnswerOpinion on Opinion = "opinion.answer";

    SeeCommunityModel on CommunityModel = "community_model.see";
    ListCommunityModels on CommunityModel = "community_model.list" list;
    /// Write down a model of the commune.
    AddCommunityModel on Area = "community_model.add";
    /// Put it right, end it, add what came of it and who was commended.
    ChangeCommunityModel on CommunityModel = "community_model.change";
    /// How a sentence is served in the community: assessments, absences, breaches, shortenings, certificate.
    SeeDuties on Case = "duty.see";
    /// The assessments of a month: who is done, who is open.
    ListDuties on FollowUp = "duty.list" list;
    /// Take that list out as a file.
    ExportDuties on FollowUp = "duty.export" list;
    /// Write down from when to when a sentence is served.
    SetDutyTerm on Case = "duty.term";
    /// Write down an assessment, and that it was sent up.
    AssessDuty on Case = "duty.assess";
    /// Write down that somebody asks to be away.
    AskAbsence on Case = "absence.ask";
    /// One request, with what its decision needs.
    SeeAbsence on Absence = "absence.see";
    ListAbsences on Absence = "absence.list" list;
    /// Answer a request, by number and day of the paper.
    DecideAbsence on Absence = "absence.decide";
    /// Write down that somebody is back, or that a request was taken back.
    ChangeAbsence on Absence = "absence.change";
    /// Write down a breach, and what came of it.
    NoteBreach on Case = "breach.note";
    /// Write down that a shortening was considered, and what the court said.
    ConsiderShortening on Case = "shortening.consider";
    /// Write down that the certificate of completion was handed over.
    CertifyCompletion on Case = "completion.certify";
    /// Put a file with a case.
    AddAttachment on Case = "attachment.add";
    /// Open a file.
    SeeAttachment on Attachment = "attachment.see";
    ListAttachments on Attachment = "attachment.list" list;
    /// Take a file out: what it held is destroyed.
    RemoveAttachment on Attachment = "attachment.remove";

    /// Issue a paper of a case under the commune's next number.
    IssueDocument on Case = "document.issue";
    /// Issue a paper of the commune: a report, the sheet of a handover.
    IssueAreaDocument on Area = "area_document.issue";
    /// Take a loan list out as a file.
    ExportLoanList on LoanList = "loan_list.export";
    /// Issue the list of those who want to borrow as a paper.
    PrintLoanList on LoanList = "loan_list.print";
    SeeDocument on Document = "document.see";
    ListDocuments on Document = "document.list" list;
    /// Send it to the printer: the first time the original, then copies.
    PrintDocument on Document = "document.print";
    /// Say that it holds no longer, and why.
    WithdrawDocument on Document = "document.withdraw";
    /// Take the register out as a file.
    ExportDocuments on Document = "document.export" list;
    /// What papers look like, version by version.
    ListTemplates on Area = "template.list" list;
    /// Put another version in force.
    EditTemplates on Area = "template.edit";

    /// What a person needs, area by area, and what was answered. Health, family and law are walled beside it.
    SeeNeeds on Case = "need.list";
    /// Ask and write down what was answered.
    AskNeeds on Case = "need.ask";
    /// Enter a new version of the set of questions.
    EditQuestions on Area = "question.edit";
    SeeUrgency on Urgency = "urgency.see";
    /// What is urgent and waits.
    ListUrgencies on Urgency = "urgency.list" list;
    /// Say what is done about it.
    AnswerUrgency on Urgency = "urgency.answer";
    /// Every version of a person's plan, the office's view.
    SeePlans on Case = "plan.list";
    /// Begin a plan, or a new version of one.
    WritePlan on Case = "plan.write";
    SeePlan on Plan = "plan.see";
    /// Add and take out goals and steps, write down that the person agrees.
    ChangePlan on Plan = "plan.change";
    /// Hand a plan to the head of the commune.
    SubmitPlan on Plan = "plan.submit";
    /// Approve a plan, or return it with a comment.
    DecidePlan on Plan = "plan.decide";

    /// The indicators of a commune or a province, exact.
    SeeReports on Area = "report.see" list;
    /// The same of one's own cases, and the cases behind a number.
    SeeOwnReport on Case = "report.own" list;
    /// Take a report out as a file.
    ExportReports on Area = "report.export" list;
    /// The report for whoever is outside: rounded, small numbers never told.
    SeeOutsideReports on Area = "report.outside" list;
    /// What is missing in which case.
    ListGaps on Case = "gap.list" list;
    /// Say whether somebody has work, from which day on.
    SetWork on Case = "work.set";

    /// The weekly counts of the communes that one received.
    SeeBulletin on Bulletin = "bulletin.see";
    ListBulletins on Bulletin = "bulletin.list" list;
    /// A helper's own counts: people given to her, and what her organisation did for them.
    CountOwnHelp on Organisation = "organisation.count" list;
    SeeDigest on Digest = "digest.see";
    ListDigests on Digest = "digest.list" list;
    /// Compose and preview one's own digest.
    ComposeDigest on FollowUp = "digest.compose" list;
    /// Choose when one's own digest comes: daily, weekly, not at all.
    SetDigestRhythm on Staff = "digest.rhythm" list;

    SeeArea on Area = "area.see";
    ListAreas on Area = "area.list" list;
    SeeOrganisation on Organisation = "organisation.see";
    ListOrganisations on Organisation = "organisation.list" list;

    SeeStaff on Staff = "staff.see";
    ListStaff on Staff = "staff.list" list;
    /// Colleagues of one's own commune, by name: to assign, cover, refer.
    ListColleagues on Staff = "colleague.list" list;
    AddStaff on Area = "staff.add";
    EditStaff on Staff = "staff.edit";

    SeeMail on Mail = "mail.see";
    /// Mails that could not be delivered.
    ListDeadMails on Mail = "mail.list_dead" list;
    RetryMail on Mail = "mail.retry";

    SeeTrail on Trail = "audit.see";
    ListTrail on Trail = "audit.list" list;
    /// Who looked at a person.
    SeeOpenings on Case = "opening.see";
    /// What one has opened and looked for oneself.
    ListOwnOpenings on Trail = "opening.mine" list;
    /// Who opens much outside her own cases, searches much, reads at night: counts, no case.
    CountReaders on Trail = "reader.count" list;

    /// The half-yearly look at all accounts.
    ListReview on Staff = "review.list" list;
    BeginReview on Staff = "review.begin" list;
    /// Say of one account whether it is still right.
    JudgeStaff on Staff = "review.judge";
    SignReview on Staff = "review.sign" list;

    /// What was backed up and tried, and what is late.
    ListBackups on Area = "backup.list" list;
    /// Write down that the key holder has opened a backup and tried it.
    NoteDrill on Area = "backup.note_drill" list;

    /// Plan every case anew (the nightly proof, a change of rules).
    Replan on Case = "replan.run" list;
    /// Plan and do what the clock asks for.
    RunJobs on Area = "job.run" list;
    /// Change the policy in force.
    ReloadPolicy on Area = "policy.reload";
}
