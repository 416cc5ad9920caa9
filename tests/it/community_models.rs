//! The register of community models: written down, copied, ended, commended; the commune's, and the province's to read.

use crate::{both, cases::hidden, house::House};
use serde_json::json;

both!(a_model_is_written_down_copied_and_commended, async |house: House| {
    let officer = house.as_("officer").await;
    assert!(officer.get("/community-models").await.expect(200).text().contains("Chưa có mô hình nào"));
    let form = [("name", "Camera an ninh"), ("since_on", "01/03/2025"), ("people", "12"), ("vnd", "48 triệu")];
    let page = officer.post("/community-models", &[("name", "Camera an ninh"), ("vnd", "nhiều")]).await.expect(422);
    assert!(page.text().contains("value=\"Camera an ninh\""), "what was typed is kept");
    let there = officer.post("/community-models", &form).await.expect(303).goes_to().to_owned();
    let there = there.split('?').next().unwrap().to_owned();
    let first = there.rsplit('/').next().unwrap().to_owned();
    let copy = [
        ("name", "Camera ấp Phước Lộc"),
        ("since_on", "01/06/2026"),
        ("hamlet", "Ấp Phước Lộc"),
        ("copied_from_id", &first),
    ];
    officer.post("/community-models", &copy).await.expect(303);
    let afar = [("name", "Rủ nhau làm tốt"), ("since_on", "01/06/2024"), ("copied_from", "Xóm Chăm, xã Vĩnh Trường")];
    officer.post("/community-models", &afar).await.expect(303);
    let result = [("what", "Hết mất trộm xe"), ("people", "30"), ("vnd", "2 triệu")];
    officer.post(&format!("{there}/results"), &result).await.expect(303);
    let letter = [("to_whom", "Tổ tự quản số 5"), ("by_whom", "Chủ tịch UBND xã"), ("number", "12/QĐ-UBND")];
    officer.post(&format!("{there}/commendations"), &letter).await.expect(303);
    officer.post(&format!("{there}/commendations"), &letter[..1]).await.expect(422);
    let page = officer.get(&there).await.expect(200).text();
    for word in ["48.000.000 đ", "Hết mất trộm xe", "Tổ tự quản số 5", "12/QĐ-UBND"] {
        assert!(page.contains(word), "{word}: {page}");
    }
    let page = officer.get("/community-models").await.expect(200).text();
    assert!(page.contains("nhân rộng 1") && page.contains("Xóm Chăm, xã Vĩnh Trường"), "{page}");
    // It ends; nothing is a copy of itself.
    let page = officer.get(&format!("{there}/correction")).await.expect(200).text();
    let version = hidden(&page, "version");
    let own =
        [("name", "Camera an ninh"), ("since_on", "01/03/2025"), ("copied_from_id", &*first), ("version", &*version)];
    officer.post(&format!("{there}/correction"), &own).await.expect(422);
    let ended = [
        ("name", "Camera an ninh"),
        ("since_on", "01/03/2025"),
        ("until_on", "01/11/2026"),
        ("people", "12"),
        ("vnd", "48000000"),
        ("version", &*version),
    ];
    officer.post(&format!("{there}/correction"), &ended).await.expect(303);
    officer.post(&format!("{there}/correction"), &ended).await.expect(412);
    assert!(officer.get("/community-models").await.expect(200).text().contains("Đã kết thúc"));
    let file = officer.get("/community-models/file").await.expect(200);
    assert!(file.bytes.starts_with(b"PK"), "a workbook");
    assert!(file.headers["content-disposition"].to_str().unwrap().contains("mo-hinh"));
    assert!(officer.get("/community-models/print").await.expect(200).text().contains("Camera ấp Phước Lộc"));

    // The province reads the registers of its communes; another commune does not.
    for (who, sees) in [("province", true), ("partner", true), ("council", true), ("officer3", false)] {
        let page = house.as_(who).await.get("/community-models").await.expect(200).text();
        assert_eq!(page.contains("Camera an ninh"), sees, "{who}");
        house.as_(who).await.get(&there).await.expect(if sees { 200 } else { 404 });
    }
    house.as_("province").await.post(&format!("{there}/results"), &result).await.expect(403);
    for who in ["lender", "admin", "inspector"] {
        house.as_(who).await.get("/community-models").await.expect(403);
    }
    // The report counts those that are at work on its last day, with their people and money as written down.
    let keys = ["models", "models_people", "models_vnd"];
    for (on, wanted) in [("2025-06-01", [2, 12, 48_000_000]), ("2026-06-01", [2, 0, 0])] {
        let path = format!("/api/v1/reports?period=year&rule=calendar&on={on}");
        let report = house.program("province").await.get(&path).await.expect(200).json();
        let told = crate::reports::values(&report);
        assert_eq!(keys.map(|key| told[key]), wanted, "{on}");
    }
});

both!(a_program_writes_down_a_model_once, async |house: House| {
    let program = house.program("supervisor").await;
    let key = "01900000-0000-7000-8000-0000000000aa";
    let body = json!({"name": "Cổng rào", "since_on": "2026-01-05", "people": 9, "vnd": 3_000_000});
    let first = program.post_keyed("/api/v1/community-models", key, &body).await.expect(201).json();
    let again = program.post_keyed("/api/v1/community-models", key, &body).await.expect(201).json();
    assert_eq!(first["id"], again["id"]);
    let path = format!("/api/v1/community-models/{}", first["id"].as_str().unwrap());
    let told = program.post(&format!("{path}/results"), &json!({"what": "Ít mất trộm"})).await.expect(201).json();
    assert_eq!(told["results"][0]["what"], "Ít mất trộm");
    let letter = json!({"to_whom": "Ấp Phước Thọ", "by_whom": "Công an tỉnh"});
    let told = program.post(&format!("{path}/commendations"), &letter).await.expect(201).json();
    assert_eq!(told["commendations"][0]["to_whom"], "Ấp Phước Thọ");
    assert_eq!(program.get("/api/v1/community-models?area=30301").await.expect(200).json()["items"], json!([]));
    let list = program.get("/api/v1/community-models?area=30577&count=true").await.expect(200).json();
    assert_eq!((&list["count"], &list["items"][0]["vnd"]), (&json!(1), &json!(3_000_000)));
});
