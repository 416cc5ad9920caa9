//! The last days of the story: who is on the way to another officer or commune, and what the province asks for.

use super::Story;
use crate::{
    app::Refused,
    base::{
        text,
        time::{At, plus_days},
    },
    case_requests, cases, handovers,
    policy::{
        AreaCode,
        acts::{AskCase, HandOver, ReturnHandover, SeeCase, SeeHandover},
    },
    store::Fault,
};
use jiff::civil::Date;

/// Who is handed to a colleague, who was sent to the other commune and came back, and of whom the province asks: keys of the
/// story's people.
const TO_A_COLLEAGUE: &str = "24";
const CAME_BACK: &str = "27";
const ASKED_FOR: &str = "26";

impl Story<'_> {
    /// Some days ago one was sent to the wrong commune and came back; yesterday another was handed to a colleague, who has not
    /// answered yet.
    pub(super) async fn on_the_way(&self, today: Date) -> Result<(), Refused> {
        let case = |key: &str| self.cases.get(key).copied().ok_or(Fault::Inconsistent("a case of the demo story"));
        self.store.clock().set(At::of(plus_days(today, -3), 9, 10));
        let draft = handovers::model::Draft {
            to_area: "30301".to_owned(),
            reason: "Báo chuyển về ở nhà bên vợ tại Mỹ Thới".to_owned(),
            ..handovers::model::Draft::default()
        };
        let give = self.store.permit::<HandOver>(self.actor("supervisor")?, case(CAME_BACK)?).await?;
        let id = handovers::send(self.store, give, &draft, None, None).await?;
        self.store.clock().set(At::of(plus_days(today, -2), 10, 40));
        let draft = handovers::model::AnswerDraft {
            reason: "Đã hỏi tổ trưởng, người này không về ở đây".to_owned(),
            ..handovers::model::AnswerDraft::default()
        };
        let back = self.store.permit::<ReturnHandover>(self.actor("supervisor3")?, id).await?;
        handovers::send_back(self.store, back, &draft, None).await?;
        self.store.clock().set(At::of(plus_days(today, -1), 13, 30));
        let to = if self.in_charge(case(TO_A_COLLEAGUE)?).await? == Some(self.user("officer")?) {
            "officer2"
        } else {
            "officer"
        };
        let draft = handovers::model::Draft {
            officer: to.to_owned(),
            reason: "Chia lại địa bàn ấp Phước Lợi".to_owned(),
            ..handovers::model::Draft::default()
        };
        let give = self.store.permit::<HandOver>(self.actor("supervisor")?, case(TO_A_COLLEAGUE)?).await?;
        let id = handovers::send(self.store, give, &draft, None, None).await?;
        let see = self.store.permit::<SeeHandover>(self.actor("supervisor")?, id).await?;
        handovers::papers::issue(self.store, &see, None).await?;
        Ok(())
    }

    async fn in_charge(&self, case: crate::base::ids::CaseId) -> Result<Option<crate::base::ids::UserId>, Refused> {
        let see = self.store.permit::<SeeCase>(self.actor("supervisor")?, case).await?;
        Ok(cases::see_as(self.store, &see, cases::View::Page, &[]).await?.row.officer_id)
    }

    /// Yesterday the province asked for one case; the head has not said a word yet.
    pub(super) async fn asked_for(&self, today: Date) -> Result<(), Refused> {
        self.store.clock().set(At::of(plus_days(today, -1), 15, 10));
        let case = *self.cases.get(ASKED_FOR).ok_or(Fault::Inconsistent("a case of the demo story"))?;
        let see = self.store.permit::<SeeCase>(self.actor("supervisor")?, case).await?;
        let code = cases::see_as(self.store, &see, cases::View::Page, &[]).await?.row.code;
        let ask = self.store.permit::<AskCase>(self.actor("province")?, AreaCode("91".to_owned())).await?;
        let draft = case_requests::model::Draft {
            code,
            document_no: "1124/CV-PC10".to_owned(),
            reason: "Trả lời đơn của chính người này gửi Công an tỉnh.".to_owned(),
            until_on: text::show_day(plus_days(today, 10)),
        };
        case_requests::ask(self.store, ask, &draft, None).await?;
        Ok(())
    }
}
