//! Every act that the program knows: a thing that one may do, as a type, with its word in `policies/policy.csv`.
//!
//! A new act is one line here, and one or more lines in the policy; without a line nobody may do it.

use super::subjects::{
    Area, Case, Digest, Emergency, FollowUp, Fund, Help, Import, LoanAccount, LoanLine, LoanList, Mail, Organisation,
    Plan, Referral, Relative, Restriction, Sealing, Staff, Subject, Trail, Visit,
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

    LogVisit on Case = "visit.log";
    SeeVisit on Visit = "visit.see";
    /// Take back a visit that was logged by mistake.
    WithdrawVisit on Visit = "visit.withdraw";

    SeeFollowUp on FollowUp = "follow_up.see";
    ListFollowUps on FollowUp = "follow_up.list" list;
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

    AddRelative on Case = "relative.add";
    SeeRelative on Relative = "relative.see";
    EndRelative on Relative = "relative.end";
    /// Write down that she agrees to be named and called, or that she does so no longer.
    SetConsent on Relative = "relative.consent";
    /// What the family needs, as far as it lets helpers know: no name, no number, nothing of the person.
    SeeFamilyNeeds on Case = "family_needs.see";

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

    /// What a person needs, area by area, and what was answered. Health, family and law are walled beside it.
    SeeNeeds on Case = "need.list";
    /// Ask and write down what was answered.
    AskNeeds on Case = "need.ask";
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
