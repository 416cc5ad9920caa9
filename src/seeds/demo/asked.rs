//! What people have asked about the data that is kept of them: one done, one late, one of somebody who is in no case.

use super::Story;
use crate::{
    app::Refused,
    base::{
        text,
        time::{At, plus_days},
    },
    policy::acts::{DecideRequest, FinishRequest, ReceiveRequest, TakeRequest},
    requests::{
        self,
        model::{AnswerDraft, DoneDraft, Draft},
    },
    store::Fault,
};
use jiff::civil::Date;

/// Keys of the story's people who ask.
const CORRECTS: &str = "02";
const SEES: &str = "03";

impl Story<'_> {
    /// Yesterday morning the head put on the register what had come in by letter and by word of mouth.
    pub(super) async fn asked(&self, today: Date) -> Result<(), Refused> {
        let clock = self.store.clock();
        clock.set(At::of(plus_days(today, -1), 9, 40));
        let day = |days| text::show_day(plus_days(today, days));
        let head = self.actor("supervisor")?;
        let case = |key: &str| self.cases.get(key).copied().ok_or(Fault::Inconsistent("a case of the demo story"));
        let corrects = Draft {
            asked_by: "person".into(),
            kind: "correct".into(),
            way: "in_person".into(),
            received_on: day(-9),
            what: "Tên đệm ghi sai một dấu, xin sửa lại cho đúng giấy khai sinh.".into(),
            ..Draft::default()
        };
        let grant = self.store.permit::<TakeRequest>(head, case(CORRECTS)?).await?;
        let id = requests::take(self.store, grant, &corrects, None).await?;
        let answer = AnswerDraft {
            verdict: "accept".into(),
            answered_on: day(-8),
            answer: "Đã hẹn bà con mang giấy khai sinh tới để đối chiếu.".into(),
            ..AnswerDraft::default()
        };
        let grant = self.store.permit::<DecideRequest>(head, id).await?;
        requests::answer(self.store, grant, &answer, None, None).await?;
        let done =
            DoneDraft {
                done_on: day(-5), outcome: "Đã sửa tên theo giấy khai sinh.".into(), ..DoneDraft::default()
            };
        let grant = self.store.permit::<FinishRequest>(head, id).await?;
        requests::finish(self.store, grant, &done, None, None).await?;

        let sees = Draft {
            asked_by: "representative".into(),
            kind: "see".into(),
            way: "letter".into(),
            received_on: day(-6),
            asker: "Chau Thị Na".into(),
            proof: "Giấy ủy quyền có chứng thực của xã, số 41".into(),
            contact: "Trả lời bằng thư về nhà".into(),
            what: "Xin xem những gì cơ quan đang giữ về anh tôi, và ai đã xem.".into(),
            ..Draft::default()
        };
        let grant = self.store.permit::<TakeRequest>(head, case(SEES)?).await?;
        requests::take(self.store, grant, &sees, None).await?;

        let unknown = Draft {
            asked_by: "unknown".into(),
            kind: "see".into(),
            way: "telephone".into(),
            received_on: day(-1),
            asker: "Lê Văn Vắng".into(),
            contact: "0900 000 999".into(),
            what: "Hỏi ở đây có giữ gì về mình không.".into(),
            ..Draft::default()
        };
        let grant = self.store.permit::<ReceiveRequest>(head, head.area().clone()).await?;
        requests::receive(self.store, grant, &unknown, None).await?;
        Ok(())
    }
}
