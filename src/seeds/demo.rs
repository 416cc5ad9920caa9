//! The demo story: some sixty invented people in two communes, told through the program's own verbs, day by day.
//!
//! Nothing is written past a rule: a step that the policy or a verb refuses stops the story. With a store that was opened
//! with a seed, and the same day, every id, code and date is the same each time.

mod asked;
mod consented;
mod gathered;
mod home;
mod money;
mod mornings;
mod moved;
mod papers;
mod planned;
mod rows;
mod serving;

use super::{hire, store};
use crate::{
    app::{App, Refused},
    assignments,
    base::{
        ids::{
            CaseId, ChildId, CommunityModelId, FollowUpId, FundId, GatheringId, GoalId, HelpId, HomeNeedId,
            HouseholdId, LoanLineId, LoanListId, OpinionId, PlanId, ReferralId, RelativeId, UserId, VisitId,
        },
        time::{At, plus_days},
        words::FollowUpKind,
    },
    cases, clearances, emergencies, families, follow_ups, livelihood,
    policy::{
        Act, Actor, AreaCode,
        acts::{
            AddCover, AddRelative, AddTask, Assign, ChangeHelp, Classify, CloseCase, CompleteFollowUp, ContinueCase,
            EditCase, EditParts, EndReferral, ListCases, ListOrganisations, LogHelp, LogVisit, MoveCase, OpenAgain,
            OpenCase, OpenEmergency, PostponeFollowUp, Refer, RunJobs, SealCase, SeeCase, SetRestriction, SetWork,
            WithdrawVisit,
        },
        subjects,
    },
    referrals, restrictions,
    store::{Fault, Grant, Store},
    visits,
};
use jiff::civil::Date;
use rows::{Person, Step, offset, typed};
use std::{collections::HashMap, sync::Arc};

/// The ids and codes of every demo come from this number.
pub const SEED: u64 = 2026;

/// How many days before "today" the story begins.
const LENGTH: i64 = 480;

/// Whom a restriction keeps from a helper, and whose record was opened in an emergency: keys of the story's people.
const KEPT_APART: &str = "01";
const IN_NEED: &str = "19";

/// Whom the story needs beside the cast of the tests: a helper in the second commune.
const MORE: &[super::Part] = &[("partner3", "Trương Thị Bé", "partner", "30301", "women")];

/// The instant at which the program is installed in the commune: the clock of a story that is told to `today` starts here.
pub fn beginning(today: Date) -> At {
    At::of(plus_days(today, -LENGTH), 7, 0)
}

/// Tells the whole story in an empty database, up to the evening before `today`, and leaves the clock at 07:30 of
/// `today`. The store's clock is set for each step.
///
/// # Errors
/// What the first refused step says; the log names its line.
pub async fn tell(app: &App, today: Date, password: &str) -> Result<(), Refused> {
    super::cast(app, password).await?;
    hire(app, MORE, password).await?;
    let mut story = Story::begin(app, today).await?;
    let mut last = (i64::MIN, 0);
    for (at, step) in rows::steps()?.into_iter().enumerate() {
        let of_day = if last.0 == step.day { last.1 + 1 } else { 0 };
        last = (step.day, of_day);
        let moment = At::of(plus_days(today, step.day), 8, 0).plus(of_day * 600);
        story.mornings(moment).await?;
        app.store().clock().set(moment);
        if let Err(refused) = story.take(&step).await {
            tracing::error!(line = at + 2, ?step, "the demo story stops here: {refused}");
            return Err(refused);
        }
    }
    story.mornings(At::of(today, 0, 0)).await?;
    story.on_the_way(today).await?;
    story.look_around(today).await?;
    story.keep_apart(today).await?;
    story.asked_for(today).await?;
    story.in_an_emergency(app, today).await?;
    story.asked(today).await?;
    app.store().clock().set(At::of(today, 7, 30));
    let scope = app.store().scope::<RunJobs>(&Arc::new(Actor::system("demo")))?;
    store::note_told(app.store(), scope).await?;
    Ok(())
}

/// Was the whole story told in this database? `None`: it holds no demo, and nothing else.
///
/// # Errors
/// [`Fault`] of the database.
pub async fn was_told(store: &Store) -> Result<Option<bool>, Fault> {
    store::was_told(store).await
}

/// Everyone who can sign in: name, role, commune, in the order of the cast.
pub fn sign_ins() -> impl Iterator<Item = &'static super::Part> {
    super::CAST.iter().chain(MORE)
}

/// The story while it is told: who there is, and what was made so far.
struct Story<'a> {
    app: &'a App,
    store: &'a Store,
    today: Date,
    /// The next morning on which the scheduler runs.
    morning: Date,
    actors: HashMap<&'static str, Arc<Actor>>,
    /// By commune and kind.
    organisations: HashMap<(String, String), String>,
    people: HashMap<String, Person>,
    cases: HashMap<String, CaseId>,
    referrals: HashMap<(String, String), ReferralId>,
    last_visit: HashMap<String, VisitId>,
    last_task: HashMap<String, FollowUpId>,
    last_help: HashMap<String, HelpId>,
    last_relative: HashMap<String, RelativeId>,
    last_child: HashMap<String, ChildId>,
    last_household: HashMap<String, HouseholdId>,
    last_home_need: HashMap<String, HomeNeedId>,
    last_plan: HashMap<String, PlanId>,
    last_goal: HashMap<String, GoalId>,
    /// By the word that the steps name them with.
    funds: HashMap<String, FundId>,
    last_line: HashMap<String, LoanLineId>,
    /// The newest list of a fund.
    last_list: HashMap<String, LoanListId>,
    /// Meetings, what was said at them and models, by the word that the steps name them with.
    gatherings: HashMap<String, GatheringId>,
    opinions: HashMap<String, OpinionId>,
    models: HashMap<String, CommunityModelId>,
}

impl<'a> Story<'a> {
    async fn begin(app: &'a App, today: Date) -> Result<Story<'a>, Refused> {
        let store = app.store();
        let mut actors = HashMap::new();
        for (username, ..) in sign_ins() {
            let id = store.sign_in_account(username).await?.ok_or(Fault::Inconsistent("the cast"))?.id;
            let account = store.account(id).await?.ok_or(Fault::Inconsistent("the cast"))?;
            actors.insert(*username, Arc::new(Actor::standing_in("demo", account)));
        }
        let people: HashMap<String, Person> =
            rows::people()?.into_iter().map(|person| (person.person.clone(), person)).collect();
        let scope = store.scope::<ListOrganisations>(&Arc::new(Actor::system("demo")))?;
        let mut organisations = HashMap::new();
        for area in ["30577", "30301"] {
            for one in crate::organisations::of_area(store, &scope, &AreaCode(area.to_owned())).await? {
                organisations.insert((area.to_owned(), one.kind), one.id.to_string());
            }
        }
        Ok(Story {
            app,
            store,
            today,
            morning: mornings::first(today),
            actors,
            organisations,
            people,
            cases: HashMap::new(),
            referrals: HashMap::new(),
            last_visit: HashMap::new(),
            last_task: HashMap::new(),
            last_help: HashMap::new(),
            last_relative: HashMap::new(),
            last_child: HashMap::new(),
            last_household: HashMap::new(),
            last_home_need: HashMap::new(),
            last_plan: HashMap::new(),
            last_goal: HashMap::new(),
            funds: HashMap::new(),
            last_line: HashMap::new(),
            last_list: HashMap::new(),
            gatherings: HashMap::new(),
            opinions: HashMap::new(),
            models: HashMap::new(),
        })
    }

    async fn take(&mut self, step: &Step) -> Result<(), Refused> {
        match step.what.as_str() {
            "open" => self.open(step).await,
            "address_checked" | "informed" | "received" | "term" | "suspended" | "resumed" => self.move_on(step).await,
            "assign" => self.assign(step).await,
            "classify" => self.classify(step).await,
            "refer" => self.refer(step).await,
            "end_referral" => self.end_referral(step).await,
            "visit" => self.visit(step).await,
            "withdraw" => self.withdraw(step).await,
            "task" => self.task(step).await,
            "complete" => self.complete(step).await,
            "postpone" => self.postpone(step).await,
            "relative" => self.relative(step).await,
            "help" => self.help(step).await,
            "help_moved" => self.help_moved(step).await,
            "need" | "plan" | "goal" | "plan_step" | "plan_agreed" | "plan_in" | "plan_said" | "plan_done" => {
                self.plan(step).await
            }
            "fund" | "loan" | "list_signed" | "list_confirmed" | "list_sent" | "loan_answer" | "repaid" | "work"
            | "work_seen" => self.money(step).await,
            "duty_term" | "assessed" | "absence" | "absence_said" | "absence_back" | "breach" | "breach_settled"
            | "shorten" | "court" | "certified" => self.serve(step).await,
            "work_status" => self.work_status(step).await,
            "child" | "child_corrected" | "household" | "agrees" | "home_need" | "home_need_met"
            | "urgency_answered" => self.home(step).await,
            "gathering" | "dialogue" | "asked" | "came" | "minutes" | "moved" | "called_off" | "said" | "answered"
            | "model" | "model_result" | "letter" => self.gathered(step).await,
            "paper" | "list_paper" | "round_paper" | "report_paper" | "file" => self.papers(step).await,
            "consent" => self.consent(step).await,
            "consent_withdrawn" => self.consent_withdrawn(step).await,
            "close" => self.close(step).await,
            "go_on" => self.go_on(step).await,
            "correct" => self.correct(step).await,
            "again" => self.again(step).await,
            "judgment" => self.judgment(step).await,
            "seal" => self.seal(step).await,
            "cover" => self.cover(step).await,
            _ => Err(Fault::Inconsistent("a step of the demo story").into()),
        }
    }

    /// Yesterday's openings, so that the pages of who looked have something to show: in the afternoon the officer and the
    /// head at a few people, late in the evening the head of the other commune at everybody.
    async fn look_around(&self, today: Date) -> Result<(), Refused> {
        let clock = self.store.clock();
        let mut people: Vec<(&String, &CaseId)> = self.cases.iter().collect();
        people.sort();
        for (who, hour, most) in [("officer", 14, 4), ("supervisor", 15, 6), ("supervisor3", 22, 60)] {
            let actor = self.actor(who)?;
            let mut seen = 0;
            for (_, case) in &people {
                let Ok(grant) = self.store.permit::<SeeCase>(actor, **case).await else { continue };
                if seen == most {
                    break;
                }
                seen += 1;
                clock.set(At::of(plus_days(today, -1), hour, 5).plus(seen * 40));
                cases::see_as(self.store, &grant, cases::View::Page, &[]).await?;
            }
            let scope = self.store.scope::<ListCases>(actor)?;
            cases::search(self.store, &scope, "an", 20).await?;
        }
        Ok(())
    }

    /// Yesterday noon the head kept a helper from somebody: they are related.
    async fn keep_apart(&self, today: Date) -> Result<(), Refused> {
        self.store.clock().set(At::of(plus_days(today, -1), 12, 10));
        let case = *self.cases.get(KEPT_APART).ok_or(Fault::Inconsistent("a case of the demo story"))?;
        let grant = self.store.permit::<SetRestriction>(self.actor("supervisor")?, case).await?;
        let draft = restrictions::model::Draft {
            kind: "exclusion".to_owned(),
            users: vec![self.user("partner2")?.to_string()],
            reason: "Là bà con bên vợ, hai nhà đang có tranh chấp đất; chính người được hỗ trợ đề nghị.".to_owned(),
        };
        restrictions::set(self.store, grant, &draft, None).await?;
        Ok(())
    }

    /// Yesterday afternoon an officer opened a colleague's record in an emergency; the head has not said a word on it yet.
    async fn in_an_emergency(&self, app: &App, today: Date) -> Result<(), Refused> {
        self.store.clock().set(At::of(plus_days(today, -1), 16, 20));
        let case = *self.cases.get(IN_NEED).ok_or(Fault::Inconsistent("a case of the demo story"))?;
        let see = self.store.permit::<SeeCase>(self.actor("supervisor")?, case).await?;
        let code = cases::see_as(self.store, &see, cases::View::Page, &[]).await?.row.code;
        let opener = self.actor("officer2")?;
        let grant = self.store.permit::<OpenEmergency>(opener, opener.area().clone()).await?;
        let draft = emergencies::model::Draft {
            code,
            kind: "health".to_owned(),
            reason: "Bà con ngất ở chợ Ô Lâm, đồng chí phụ trách đang họp trên tỉnh, cần gọi người nhà ngay."
                .to_owned(),
        };
        match emergencies::open(app, grant, &draft, None).await? {
            Some(_opened) => Ok(()),
            None => Err(Fault::Inconsistent("an emergency of the demo story").into()),
        }
    }

    fn actor(&self, username: &str) -> Result<&Arc<Actor>, Fault> {
        self.actors.get(username).ok_or(Fault::Inconsistent("who does a step of the demo story"))
    }

    fn user(&self, username: &str) -> Result<UserId, Fault> {
        self.actor(username)?.user().ok_or(Fault::Inconsistent("the cast"))
    }

    fn person(&self, step: &Step) -> Result<&Person, Fault> {
        self.people.get(&step.person).ok_or(Fault::Inconsistent("a person of the demo story"))
    }

    /// A grant for the case of the step, to the one who takes it.
    async fn grant<A: Act<On = subjects::Case>>(&self, step: &Step) -> Result<Grant<A>, Fault> {
        let case = self.cases.get(&step.person).ok_or(Fault::Inconsistent("a case of the demo story"))?;
        self.store.permit::<A>(self.actor(&step.who)?, *case).await
    }

    /// `a`: the officer put in charge, where it is not the opener.
    async fn open(&mut self, step: &Step) -> Result<(), Refused> {
        let person = self.person(step)?;
        let grant = self.store.permit::<OpenCase>(self.actor(&step.who)?, AreaCode(person.area.clone())).await?;
        let case = cases::open(self.store, grant, &person.draft(self.today, &step.a)?, None).await?;
        self.cases.insert(step.person.clone(), case);
        Ok(())
    }

    /// `a`: the day of a term or a review; else what happened on the day itself · `b`: what the family said of the address.
    async fn move_on(&self, step: &Step) -> Result<(), Refused> {
        let grant = self.grant::<MoveCase>(step).await?;
        let on = typed(self.today, offset(&step.a)?.unwrap_or(step.day));
        let received = step.what == "received";
        let draft = cases::model::StepDraft {
            step: step.what.clone(),
            on,
            found: step.b.clone(),
            pledge: received.to_string(),
            sheet: (received && self.person(step)?.has_sheet()).to_string(),
        };
        cases::take_step(self.store, grant, &draft, None).await
    }

    /// `a`: the officer.
    async fn assign(&self, step: &Step) -> Result<(), Refused> {
        let draft = assignments::model::Draft { officer: step.a.clone(), reason: step.note.clone() };
        assignments::assign(self.store, self.grant::<Assign>(step).await?, &draft, None).await
    }

    /// `a`: the group · `b`: the organisation whose helper reported · `shared`: what she reported.
    async fn classify(&self, step: &Step) -> Result<(), Refused> {
        let reported = !step.shared.is_empty();
        let draft = cases::model::ClassificationDraft {
            group: step.a.clone(),
            since_on: String::new(),
            reason: step.note.clone(),
            report: step.shared.clone(),
            report_on: if reported { typed(self.today, step.day) } else { String::new() },
            organisation: if reported { self.organisation(step, &step.b)? } else { String::new() },
        };
        cases::classify(self.store, self.grant::<Classify>(step).await?, &draft, None).await
    }

    /// `a`: how it stands with her work · `note`
    async fn work_status(&self, step: &Step) -> Result<(), Refused> {
        let draft =
            livelihood::work::model::Draft { status: step.a.clone(), since_on: String::new(), note: step.note.clone() };
        livelihood::work::set(self.store, self.grant::<SetWork>(step).await?, &draft, None).await?;
        Ok(())
    }

    /// `a`: kind of organisation · `b`: its named helpers · `c`: purpose · `d`: last day · `note`: needs ·
    /// `shared`: the basis, a word and its reference.
    async fn refer(&mut self, step: &Step) -> Result<(), Refused> {
        let (basis, basis_ref) = step.shared.split_once(' ').unwrap_or((&step.shared, ""));
        let helpers =
            step.b.split_whitespace().map(|name| Ok(self.user(name)?.to_string())).collect::<Result<_, Fault>>()?;
        let draft = referrals::model::Draft {
            organisation: self.organisation(step, &step.a)?,
            helpers,
            purpose: step.c.clone(),
            needs: step.note.clone(),
            basis: basis.to_owned(),
            basis_ref: basis_ref.to_owned(),
            from_on: String::new(),
            to_on: rows::typed_opt(self.today, offset(&step.d)?),
        };
        let id = referrals::refer(self.store, self.grant::<Refer>(step).await?, &draft, None).await?;
        self.referrals.insert((step.person.clone(), step.a.clone()), id);
        Ok(())
    }

    fn organisation(&self, step: &Step, kind: &str) -> Result<String, Fault> {
        let key = (self.person(step)?.area.clone(), kind.to_owned());
        self.organisations.get(&key).cloned().ok_or(Fault::Inconsistent("an organisation of the demo story"))
    }

    /// `a`: the main penalty · `b`: its months · `c`: the day of the judgment · `d`: the day on which it was served.
    async fn judgment(&self, step: &Step) -> Result<(), Refused> {
        let draft = clearances::model::JudgmentDraft {
            penalty: step.a.clone(),
            months: step.b.clone(),
            convicted_on: rows::typed_opt(self.today, offset(&step.c)?),
            served_on: rows::typed_opt(self.today, offset(&step.d)?),
            age: "adult".to_owned(),
            ..Default::default()
        };
        clearances::keep_judgment(self.store, self.grant::<EditParts>(step).await?, &draft, None).await
    }

    /// `a`: the kind of paper · `b`: its number · `note`: how the person's consent to go on being helped was recorded.
    async fn seal(&mut self, step: &Step) -> Result<(), Refused> {
        let draft = clearances::model::SealDraft {
            paper: step.a.clone(),
            paper_no: step.b.clone(),
            paper_on: typed(self.today, step.day),
            help: "yes".to_owned(),
            consent: step.note.clone(),
            understood: "true".to_owned(),
        };
        let sealed = clearances::seal(self.store, self.grant::<SealCase>(step).await?, &draft, None).await?;
        // From here on the person's case is the support record.
        self.cases.extend(sealed.support.map(|case| (step.person.clone(), case)));
        Ok(())
    }

    /// `a`: kind of organisation.
    async fn end_referral(&self, step: &Step) -> Result<(), Refused> {
        let key = (step.person.clone(), step.a.clone());
        let id = *self.referrals.get(&key).ok_or(Fault::Inconsistent("a referral of the demo story"))?;
        let grant = self.store.permit::<EndReferral>(self.actor(&step.who)?, id).await?;
        referrals::end(self.store, grant, &referrals::model::EndDraft { reason: step.note.clone() }, None, None).await
    }

    /// `a`: kind · `b`: `met` or `tried` · `c`: `relative` or `child`, if it was for one · `d`: the next day agreed on.
    async fn visit(&mut self, step: &Step) -> Result<(), Refused> {
        let draft = visits::model::Draft {
            on: typed(self.today, step.day),
            kind: step.a.clone(),
            met: (step.b == "met").to_string(),
            note: step.note.clone(),
            shared_note: step.shared.clone(),
            next_on: rows::typed_opt(self.today, offset(&step.d)?),
            whom: self.kin(step, &step.c),
        };
        let id = visits::log(self.store, self.grant::<LogVisit>(step).await?, &draft, None).await?;
        self.last_visit.insert(step.person.clone(), id);
        Ok(())
    }

    async fn withdraw(&self, step: &Step) -> Result<(), Refused> {
        let id = *self.last_visit.get(&step.person).ok_or(Fault::Inconsistent("a visit of the demo story"))?;
        let grant = self.store.permit::<WithdrawVisit>(self.actor(&step.who)?, id).await?;
        let draft = visits::model::WithdrawalDraft { reason: step.note.clone() };
        visits::withdraw(self.store, grant, &draft, None, None).await
    }

    /// `a`: the day · `b`: the kind of organisation that it was agreed with.
    async fn task(&mut self, step: &Step) -> Result<(), Refused> {
        let draft = follow_ups::model::TaskDraft {
            what: step.note.clone(),
            due_on: rows::typed_opt(self.today, offset(&step.a)?),
            organisation: if step.b.is_empty() { String::new() } else { self.organisation(step, &step.b)? },
        };
        let id = follow_ups::add_task(self.store, self.grant::<AddTask>(step).await?, &draft, None).await?;
        self.last_task.insert(step.person.clone(), id);
        Ok(())
    }

    async fn complete(&self, step: &Step) -> Result<(), Refused> {
        let id = *self.last_task.get(&step.person).ok_or(Fault::Inconsistent("a task of the demo story"))?;
        let grant = self.store.permit::<CompleteFollowUp>(self.actor(&step.who)?, id).await?;
        let draft = follow_ups::model::CompletionDraft { note: step.note.clone() };
        follow_ups::complete(self.store, grant, &draft, None, None).await
    }

    /// `a`: the kind of follow-up · `b`: the new day.
    async fn postpone(&self, step: &Step) -> Result<(), Refused> {
        let kind: FollowUpKind = step.a.parse().map_err(|_| Fault::Inconsistent("a kind of the demo story"))?;
        let open = follow_ups::of_case(self.store, &self.grant::<SeeCase>(step).await?).await?;
        let row = open.iter().find(|row| row.kind == kind).ok_or(Fault::Inconsistent("nothing to postpone"))?;
        let grant = self.store.permit::<PostponeFollowUp>(self.actor(&step.who)?, row.id).await?;
        let draft = follow_ups::model::PostponementDraft {
            to_on: rows::typed_opt(self.today, offset(&step.b)?),
            reason: step.note.clone(),
        };
        follow_ups::postpone(self.store, grant, &draft, None, None).await
    }

    /// `a`: the relation · `b`: telephone · `c`: name · `note`: needs.
    async fn relative(&mut self, step: &Step) -> Result<(), Refused> {
        let draft = families::model::Draft {
            name: step.c.clone(),
            relation: step.a.clone(),
            phone: step.b.clone(),
            needs: step.note.clone(),
        };
        let id = families::add(self.store, self.grant::<AddRelative>(step).await?, &draft, None).await?;
        self.last_relative.insert(step.person.clone(), id);
        Ok(())
    }

    /// `a`: kind · `b`: its worth · `c`: fund · `d`: how far it has come · `note`: what · `shared`: `relative` or `child`.
    async fn help(&mut self, step: &Step) -> Result<(), Refused> {
        let draft = livelihood::model::Draft {
            kind: step.a.clone(),
            what: step.note.clone(),
            state: step.d.clone(),
            vnd: step.b.clone(),
            fund: step.c.clone(),
            whom: self.kin(step, &step.shared),
            ..Default::default()
        };
        let id = livelihood::log(self.store, self.grant::<LogHelp>(step).await?, &draft, None).await?;
        self.last_help.insert(step.person.clone(), id);
        Ok(())
    }

    /// `d`: how far the last help has come now.
    async fn help_moved(&self, step: &Step) -> Result<(), Refused> {
        let id = *self.last_help.get(&step.person).ok_or(Fault::Inconsistent("a help of the demo story"))?;
        let grant = self.store.permit::<ChangeHelp>(self.actor(&step.who)?, id).await?;
        let draft = livelihood::model::StateDraft { state: step.d.clone(), ..Default::default() };
        livelihood::change(self.store, grant, &draft, None).await
    }

    /// `a`: the number of the certificate, given on that day.
    async fn go_on(&self, step: &Step) -> Result<(), Refused> {
        let draft = cases::model::ContinuationDraft {
            certificate_no: step.a.clone(),
            certificate_on: typed(self.today, step.day),
        };
        cases::go_on(self.store, self.grant::<ContinueCase>(step).await?, &draft, None, None).await
    }

    /// `a`: the telephone number that is right.
    async fn correct(&self, step: &Step) -> Result<(), Refused> {
        let row = cases::brief(self.store, &self.grant::<SeeCase>(step).await?, &[]).await?;
        let draft = cases::model::Correction { phone: step.a.clone(), ..row.correction() };
        cases::correct(self.store, self.grant::<EditCase>(step).await?, &draft, Some(row.version)).await
    }

    /// Somebody whose case was closed comes a second time. `a`: the regime · `b`: the source of the notice.
    async fn again(&mut self, step: &Step) -> Result<(), Refused> {
        let person = self.person(step)?.draft(self.today, "")?;
        let draft = cases::model::Draft {
            regime: step.a.clone(),
            source: step.b.clone(),
            noticed_on: typed(self.today, step.day),
            phone: person.phone,
            phone_of: person.phone_of,
            address: person.address,
            wishes: person.wishes,
            visit_safely: person.visit_safely,
            hamlet: person.hamlet,
            ..Default::default()
        };
        let case = cases::open_again(self.store, self.grant::<OpenAgain>(step).await?, &draft, None).await?;
        self.cases.insert(step.person.clone(), case);
        Ok(())
    }

    /// `a`: the ground · `b`: where to, of one who moved.
    async fn close(&self, step: &Step) -> Result<(), Refused> {
        let draft = cases::model::ClosureDraft {
            ground: step.a.clone(),
            on: typed(self.today, step.day),
            note: step.note.clone(),
            moved_to: step.b.clone(),
        };
        cases::close(self.store, self.grant::<CloseCase>(step).await?, &draft, None, None).await
    }

    /// `a`: who is away · `b`: who stands in · `c`, `d`: first and last day.
    async fn cover(&self, step: &Step) -> Result<(), Refused> {
        let actor = self.actor(&step.who)?;
        let grant = self.store.permit::<AddCover>(actor, actor.area().clone()).await?;
        let draft = assignments::model::CoverDraft {
            officer: step.a.clone(),
            cover: step.b.clone(),
            from_on: rows::typed_opt(self.today, offset(&step.c)?),
            to_on: rows::typed_opt(self.today, offset(&step.d)?),
        };
        assignments::add_cover(self.store, grant, &draft, None).await.map(|_cover| ())
    }
}
