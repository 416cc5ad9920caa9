//! Needs, plans, goals and steps as typed, checked and shown. Pure.

mod course;
mod lines;
mod needs;
mod questions;
mod rows;

pub use course::{
    AgreementDraft, DecisionDraft, SubmissionDraft, may_be_decided, may_be_followed, may_be_submitted, must_be_draft,
};
pub use lines::{GoalDraft, NewGoal, NewStep, Owner, RemovalDraft, Removed, StepDraft, may_own};
pub use needs::{AnswerRow, NeedDraft, NeedRow, NewNeed, Question, Walls};
pub use questions::{NewQuestion, NewSet, QuestionDraft, QuestionSet, QuestionSetDraft};
pub use rows::{GoalRow, PlanRow, Progress, Standing, Step, StepRow};
