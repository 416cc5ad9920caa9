//! Script in what people type: over three hundred payloads through every text field of every form, in Chromium, and then
//! every page of every role. Nothing of it may become an element, run, or be stopped only by the content policy.

use crate::{
    browser::{Browser, on_a_socket},
    house::{House, Kind},
    looks::{Devtools, pages},
    world::World,
};
use serde_json::{Value, json};
use std::{collections::BTreeSet, time::Duration};

/// Each would call `hit`, load something, or at least be an element with `data-xss`.
const VECTORS: &[&str] = &[
    "<script data-xss>hit()</script>",
    "<ScRiPt data-xss>hit()</sCrIpT>",
    "<img data-xss src=x onerror=hit()>",
    "<img/data-xss/src=x/onerror=hit()>",
    "<svg data-xss onload=hit()>",
    "<svg data-xss><script>hit()</script></svg>",
    "<iframe data-xss srcdoc='<script>parent.hit()</script>'></iframe>",
    "<iframe data-xss src=javascript:parent.hit()></iframe>",
    "<a data-xss href=javascript:hit() autofocus onfocus=hit()>x</a>",
    "<input data-xss autofocus onfocus=hit()>",
    "<select data-xss autofocus onfocus=hit()></select>",
    "<textarea data-xss autofocus onfocus=hit()></textarea>",
    "<details data-xss open ontoggle=hit()>x</details>",
    "<video data-xss><source onerror=hit()></video>",
    "<audio data-xss src=x onerror=hit()></audio>",
    "<object data-xss data=javascript:hit()></object>",
    "<embed data-xss src=javascript:hit()>",
    "<math data-xss><mi xlink:href=javascript:hit()>x</mi></math>",
    "<style data-xss>@import '//127.0.0.1:9/x';</style>",
    "<link data-xss rel=stylesheet href=//127.0.0.1:9/x>",
    "<meta data-xss http-equiv=refresh content='0;url=javascript:hit()'>",
    "<base data-xss href=//127.0.0.1:9/>",
    "<form data-xss action=javascript:hit()><button>x</button></form>",
    "<p data-xss style='background:url(//127.0.0.1:9/x)'>x</p>",
    "<marquee data-xss onstart=hit()>x</marquee>",
    "<button data-xss onclick=hit() autofocus onfocus=hit()>x</button>",
];

/// What might end the place where a text stands.
const ENDS: &[&str] = &[
    "",
    "\">",
    "'>",
    "</textarea>",
    "</title>",
    "</script>",
    "</style>",
    "-->",
    "</option></select>",
    "</a>",
    "{{7*7}}",
    "]]>",
];

/// No element, but script to whoever puts it into an address or decodes it once too often.
const OTHERS: &[&str] = &[
    "javascript:hit()",
    "JaVaScRiPt:hit()",
    "data:text/html,<script>hit()</script>",
    "&lt;img data-xss src=x onerror=hit()&gt;",
    "&#60;img data-xss src=x onerror=hit()&#62;",
    "%3Cimg%20data-xss%20src=x%20onerror=hit()%3E",
    "\\u003cimg data-xss src=x onerror=hit()\\u003e",
    "\" onfocus=hit() autofocus data-xss=\"",
    "' onfocus=hit() autofocus data-xss='",
    "` onfocus=hit() autofocus data-xss=`",
    "\" style=\"animation-name:x\" onanimationstart=\"hit()\" data-xss=\"",
    "${hit()}",
    "<<script>hit()//<</script>",
    "<img data-xss src=x onerror=hit()//",
];

fn payloads() -> Vec<String> {
    let all: BTreeSet<String> = ENDS
        .iter()
        .flat_map(|end| VECTORS.iter().map(move |vector| format!("{end}{vector}")))
        .chain(OTHERS.iter().map(|other| (*other).to_owned()))
        .collect();
    all.into_iter().collect()
}

/// Runs before a page's own script, outside its policy.
const WATCH: &str = "window.hits = 0; window.hit = () => { window.hits++; }; window.alert = window.hit; window.stopped = [];
document.addEventListener('securitypolicyviolation', e => window.stopped.push(e.violatedDirective + ' ' + e.blockedURI));";

/// What came of it on the page that is open.
const LOOK: &str = "const typed = [...document.querySelectorAll('input, textarea')].map(el => el.value).join(' ');
return {hits: window.hits, stopped: window.stopped, elements: document.querySelectorAll('[data-xss]').length,
  shown: (document.body.textContent + typed).includes('hit()')};";

/// Fills form number `n` and sends it. Round 0: into every field; later: days, numbers and telephones as they should be, so
/// that the rest is kept. Tells where it stopped in the list and how many fields it filled; `null`: there is no such form.
const FILL: &str = r#"
const [payloads, from, n, round] = arguments;
const words = 'input:not([type]), input[type=text], input[type=search], input[type=tel], input[type=email], textarea';
// What comes of a subject file is no page.
const form = [...document.querySelectorAll('form[method=post]:not([action$="/subject-file"])')].filter(form => form.querySelector(words))[n];
if (!form) return null;
let at = from, fields = 0;
for (const el of form.querySelectorAll('select')) if (!el.value) for (const one of el.options) if (one.value) el.value = one.value;
const chosen = new Set([...form.querySelectorAll(':checked')].map(el => el.name));
for (const el of form.querySelectorAll('[type=radio], [type=checkbox]')) if (!chosen.has(el.name)) { el.checked = true; chosen.add(el.name); }
for (const el of form.querySelectorAll(words)) {
  const shaped = el.matches('[data-date], [inputmode=numeric], [inputmode=decimal], [type=tel], [type=email], [name=username], [name=code]');
  if (round > 0 && shaped) {
    if (el.matches('[data-date]') && !el.value) el.value = '23/11/2026';
    else if (el.matches('[name=username]')) el.value = 'ten' + from;
    continue;
  }
  const most = el.maxLength > 0 ? el.maxLength : el.tagName === 'TEXTAREA' ? 1000 : 95;
  let text = '';
  do { const one = payloads[at++ % payloads.length]; if (text.length + one.length + 1 > most) { if (!text) { text = one.slice(0, most); } else at--; break; } text += (text && ' ') + one; } while (true);
  el.value = text; fields++;
}
for (const el of form.querySelectorAll('[type=password]')) el.value = 'mot cau du dai de nho';
window.stays = true;
HTMLFormElement.prototype.submit.call(form);
return [at, fields];
"#;

async fn settled(browser: &Browser, place: &str) {
    for _ in 0..1_000 {
        let state = browser.client.execute("return !window.stays && document.readyState === 'complete'", vec![]).await;
        if state.is_ok_and(|state| state == true) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{place}: the page does not come");
}

/// Whatever is wrong on the page that is open; and does a payload stand there as text?
async fn look(browser: &Browser, place: &str, found: &mut BTreeSet<String>) -> bool {
    let told: Value = browser.client.execute(LOOK, vec![]).await.unwrap();
    if told["hits"] != 0 || told["elements"] != 0 || told["stopped"] != json!([]) {
        found.insert(format!("{place}: {told}"));
    }
    told["shown"] == true
}

/// Forms after which there is less to fill: they come last.
fn ends_something(page: &str) -> bool {
    ["closure", "erasure", "ending", "withdrawal", "clearance", "steps", "emergencies"]
        .iter()
        .any(|word| page.contains(word))
}

/// Puts HTML into the page past its own policy, which wants trusted types of scripts.
async fn plant(browser: &Browser, home: &str, html: &str) {
    browser.client.goto(&format!("{home}/sign-in")).await.unwrap();
    let root = browser.client.issue_cmd(Devtools("DOM.getDocument", json!({}))).await.unwrap();
    let asked = json!({"nodeId": root["root"]["nodeId"], "selector": "main"});
    let main = browser.client.issue_cmd(Devtools("DOM.querySelector", asked)).await.unwrap();
    let body = json!({"nodeId": main["nodeId"], "outerHTML": format!("<main>{html}</main>")});
    browser.client.issue_cmd(Devtools("DOM.setOuterHTML", body)).await.unwrap();
}

/// Each vector, put into a page as it is, is seen: this test can fail.
async fn assert_watch_sees(browser: &Browser, home: &str) {
    for vector in VECTORS {
        plant(browser, home, vector).await;
        let mut found = BTreeSet::new();
        look(browser, vector, &mut found).await;
        assert_eq!(found.len(), 1, "{vector} is not seen");
    }
    plant(browser, home, "<img src=x onerror=hit()>").await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    let told: Value = browser.client.execute(LOOK, vec![]).await.unwrap();
    assert_eq!(told["hits"], 0, "the policy stops a handler: {told}");
    assert!(told["stopped"].to_string().contains("script-src"), "and tells: {told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_hundred_payloads_through_every_field_run_nowhere() {
    through_every_form(2).await;
}

/// So many rounds that each field has had nearly all of them: `bin/soak xss`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes an hour: bin/soak xss"]
async fn long() {
    through_every_form(140).await;
}

/// Each round fills every field of every form with the payloads that come next in the list.
async fn through_every_form(rounds: u32) {
    let payloads = payloads();
    assert!(payloads.len() >= 300, "{}", payloads.len());
    let house = House::new(Kind::Sqlite).await;
    let world = World::build(&house).await;
    let home = on_a_socket(&house).await;
    let Some(browser) = Browser::open(1280, 900, false).await else {
        println!("skipped: no chromedriver, and only SQLite was asked for");
        return;
    };
    let watch = Devtools("Page.addScriptToEvaluateOnNewDocument", json!({"source": WATCH}));
    browser.client.issue_cmd(watch).await.unwrap();
    assert_watch_sees(&browser, &home).await;

    let (mut found, mut shown, mut at, mut forms, mut fields) = (BTreeSet::new(), 0, 0, 0, 0);
    for name in ["officer", "partner", "supervisor", "admin", "inspector"] {
        let mut open = pages(&house, &world, name).await;
        open.retain(|page| !page.starts_with("/password") && !page.starts_with("/second-factor"));
        open.sort_by_key(|page| ends_something(page));
        browser.client.goto(&format!("{home}/sign-in")).await.unwrap();
        browser.client.delete_all_cookies().await.unwrap();
        house.clock.set(house.clock.now().plus(60));
        browser.sign_in(&home, name).await;
        for page in &open {
            for round in 0..rounds {
                // What is sent may put a form of its own on the page (a consent can be withdrawn): it would never end.
                for n in 0..12 {
                    browser.client.goto(&format!("{home}{page}")).await.unwrap();
                    let args = vec![json!(payloads), json!(at), json!(n), json!(round)];
                    let told: Value = browser.client.execute(FILL, args).await.unwrap();
                    let Some(told) = told.as_array() else { break };
                    at = told[0].as_u64().unwrap();
                    settled(&browser, &format!("{name} {page} form {n}")).await;
                    forms += 1;
                    fields += told[1].as_u64().unwrap();
                    shown += i32::from(look(&browser, &format!("{name} {page} form {n}"), &mut found).await);
                }
            }
        }
    }
    // What was kept is on the pages of the others.
    let mut kept = 0;
    for name in ["officer", "supervisor", "partner", "helper", "province", "council", "admin", "inspector"] {
        let open = pages(&house, &world, name).await;
        browser.client.goto(&format!("{home}/sign-in")).await.unwrap();
        browser.client.delete_all_cookies().await.unwrap();
        house.clock.set(house.clock.now().plus(60));
        browser.sign_in(&home, name).await;
        for page in open {
            browser.client.goto(&format!("{home}{page}")).await.unwrap();
            kept += i32::from(look(&browser, &format!("{name} {page}"), &mut found).await);
        }
    }
    browser.client.clone().close().await.unwrap();
    println!("{forms} forms, {fields} fields, {at} payloads; shown again {shown} times, on {kept} pages afterwards");
    assert!(found.is_empty(), "{} places:\n{}", found.len(), Vec::from_iter(found).join("\n"));
    assert!(at >= payloads.len() as u64, "every payload went in: {at}");
    assert!(
        forms >= 60 && fields >= 150 && shown >= 30 && kept >= 12,
        "{forms} forms, {fields} fields, {shown}, {kept}"
    );
}
