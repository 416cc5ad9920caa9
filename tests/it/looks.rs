//! Every page of every role, looked at by machines: axe-core, contrast in light and dark, nothing that scrolls sideways on
//! a phone, and what a printer would get.
//!
//! axe-core is a third party's script and not part of this repository: `bin/test` fetches it where npm is there and says
//! where it lies in `DUONGVE_TEST_AXE`; else the rest is looked at without it.

use crate::{
    browser::{Browser, on_a_socket},
    house::{House, Kind},
    world::World,
};
use axum::http::Method;
use duongve::routes;
use fantoccini::wd::WebDriverCompatibleCommand;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// A word to Chromium that WebDriver does not have: which medium, which colours, how wide.
#[derive(Debug)]
pub struct Devtools(pub &'static str, pub Value);

impl WebDriverCompatibleCommand for Devtools {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _url: &url::Url) -> (Method, Option<String>) {
        (Method::POST, Some(json!({"cmd": self.0, "params": self.1}).to_string()))
    }
}

/// As a reader has it before her: the medium, light or dark, and the width.
async fn show(browser: &Browser, medium: &str, colours: &str, width: u32) {
    let features = json!([{"name": "prefers-color-scheme", "value": colours}, {"name": "prefers-reduced-motion", "value": "reduce"}]);
    let medium = Devtools("Emulation.setEmulatedMedia", json!({"media": medium, "features": features}));
    browser.client.issue_cmd(medium).await.unwrap();
    let size = json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false});
    browser.client.issue_cmd(Devtools("Emulation.setDeviceMetricsOverride", size)).await.unwrap();
}

/// Text too faint for its ground (WCAG AA), and a page that scrolls sideways.
const EYES: &str = r#"
const pen = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
const rgba = colour => { pen.clearRect(0, 0, 1, 1); pen.fillStyle = colour; pen.fillRect(0, 0, 1, 1); return [...pen.getImageData(0, 0, 1, 1).data]; };
const over = (a, b) => { const k = a[3] / 255; return [0, 1, 2].map(i => a[i] * k + b[i] * (1 - k)).concat(255); };
const light = c => { const [r, g, b] = c.map(v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
const ground = el => { const up = []; for (; el; el = el.parentElement) { const c = rgba(getComputedStyle(el).backgroundColor); up.push(c); if (c[3] === 255) break; }
  return up.reverse().reduce((below, c) => over(c, below), [255, 255, 255, 255]); };
const found = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const el = walker.currentNode.parentElement, text = walker.currentNode.data.trim();
  if (!text || !el.checkVisibility({opacityProperty: true, visibilityProperty: true}) || el.closest('[disabled], option, script, style, svg')) continue;
  const box = el.getBoundingClientRect();
  if (box.width < 2 || box.height < 2) continue;
  const style = getComputedStyle(el), below = ground(el), above = over(rgba(style.color), below);
  const [hi, lo] = [light(above), light(below)].sort((a, b) => b - a), ratio = (hi + 0.05) / (lo + 0.05);
  const size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && +style.fontWeight >= 700);
  if (ratio < (large ? 3 : 4.5)) found.push(`contrast ${ratio.toFixed(2)}: ${el.tagName}.${el.className} "${text.slice(0, 40)}"`);
}
const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
if (wide > 0) found.push(`scrolls sideways by ${wide} px`);
return {found: [...new Set(found)], ground: light(ground(document.body))};
"#;

/// What must not be on paper, and what paper would cut off.
const PAPER: &str = r#"
const found = [];
const seen = el => el.checkVisibility() && el.getBoundingClientRect().height > 0;
for (const el of document.querySelectorAll('nav.main-nav, .no-print, .save-bar, .skip')) if (seen(el)) found.push(`on paper: ${el.tagName}.${el.className}`);
if (!seen(document.querySelector('main'))) found.push('an empty sheet');
for (const el of document.querySelectorAll('main *')) {
  const style = getComputedStyle(el), hides = v => v !== 'visible';
  if (!seen(el) || !el.textContent.trim() || el.closest('.visually-hidden, .sr')) continue;
  if ((hides(style.overflowX) && el.scrollWidth > el.clientWidth + 2) || (hides(style.overflowY) && el.clientHeight > 4 && el.scrollHeight > el.clientHeight + 4))
    found.push(`cut on paper: ${el.tagName}.${el.className}`);
}
const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
if (wide > 0) found.push(`wider than the sheet by ${wide} px`);
return [...new Set(found)];
"#;

const AXE: &str = "const done = arguments[arguments.length - 1]; axe.run(document, {resultTypes: ['violations']}).then(told => done(told.violations\
  .filter(one => ['serious', 'critical'].includes(one.impact)).map(one => one.id + ': ' + one.nodes[0].html.slice(0, 160))), \
  fault => done(['axe: ' + fault]));";

fn axe() -> Option<String> {
    let file = std::env::var("DUONGVE_TEST_AXE").ok()?;
    Some(std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{file}: {error}")))
}

/// The addresses of the pages that this person may open: of each kind of record the first that she may.
pub async fn pages(house: &House, world: &World, name: &str) -> Vec<String> {
    let person = house.as_(name).await;
    let mut found = Vec::new();
    for (route, _) in routes::table() {
        let skipped = ["/api/", "/assets/", "/healthz", "/readyz", "/metrics", "/cases/export", "/staff/new"];
        if route.method != Method::GET || skipped.iter().any(|start| route.path.starts_with(start)) {
            continue;
        }
        let param = route.path.split(['{', '}']).nth(1);
        let ids = param.map_or_else(
            || vec![String::new()],
            |param| world.records.get(param).into_iter().flatten().map(|record| record.id.clone()).collect(),
        );
        for id in ids {
            let path =
                param.map_or_else(|| route.path.to_owned(), |param| route.path.replace(&format!("{{{param}}}"), &id));
            if person.get(&path).await.status == 200 {
                found.push(path);
                break;
            }
        }
    }
    found
}

/// A picture of what is shown, where `DUONGVE_SHOTS` names a folder.
async fn keep(browser: &Browser, name: &str) {
    if let Ok(folder) = std::env::var("DUONGVE_SHOTS") {
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(format!("{folder}/{name}.png"), browser.client.screenshot().await.unwrap()).unwrap();
    }
}

/// What is planted on the page that is open is found: this test can fail.
async fn assert_eyes_see(browser: &Browser, axe: Option<&str>) {
    let plant = "const main = document.querySelector('main');
        for (const [tag, text, style, kind] of [['p', 'faint', 'color: #ccc; background: #fff', ''], ['img', '', '', ''],
            ['p', 'far', 'width: 3000px', ''], ['div', 'kept', 'display: block !important', 'no-print']]) {
          const el = document.createElement(tag); el.textContent = text; el.style.cssText = style; el.className = kind; main.append(el);
        }";
    show(browser, "", "light", 390).await;
    if let Some(axe) = axe {
        browser.client.execute(axe, vec![]).await.unwrap();
    }
    browser.client.execute(plant, vec![]).await.unwrap();
    let told = browser.client.execute(EYES, vec![]).await.unwrap()["found"].to_string();
    assert!(told.contains("faint") && told.contains("scrolls sideways"), "{told}");
    if axe.is_some() {
        let told = browser.client.execute_async(AXE, vec![]).await.unwrap().to_string();
        assert!(told.contains("image-alt"), "{told}");
    }
    show(browser, "print", "light", 718).await;
    let told = browser.client.execute(PAPER, vec![]).await.unwrap().to_string();
    assert!(told.contains("on paper: DIV.no-print") && told.contains("wider than the sheet"), "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_of_every_role_reads_well_on_a_phone_in_the_dark_and_on_paper() {
    let house = House::new(Kind::Sqlite).await;
    let world = World::build(&house).await;
    let home = on_a_socket(&house).await;
    let Some(browser) = Browser::open(1280, 900, false).await else {
        println!("skipped: no chromedriver, and only SQLite was asked for");
        return;
    };
    let axe = axe();
    if axe.is_none() {
        println!("without axe-core: DUONGVE_TEST_AXE is not set");
    }
    let (mut found, mut seen) = (BTreeSet::new(), 0);
    for name in ["officer", "supervisor", "province", "partner", "council", "lender", "admin", "inspector"] {
        let pages = pages(&house, &world, name).await;
        browser.client.goto(&format!("{home}/sign-in")).await.unwrap();
        browser.client.delete_all_cookies().await.unwrap();
        show(&browser, "", "light", 1280).await;
        // A code is taken once, and the clock stands still: the telephone must have come to its next one.
        house.clock.set(house.clock.now().plus(60));
        browser.sign_in(&home, name).await;
        for page in &pages {
            browser.client.goto(&format!("{home}{page}")).await.unwrap();
            let mut grounds = Vec::new();
            for (colours, width) in [("light", 1280), ("light", 390), ("dark", 390), ("dark", 1280)] {
                show(&browser, "", colours, width).await;
                let told = browser.client.execute(EYES, vec![]).await.unwrap();
                grounds.push(told["ground"].as_f64().unwrap());
                let mut words: Vec<String> = serde_json::from_value(told["found"].clone()).unwrap();
                if let Some(axe) = &axe {
                    browser.client.execute(axe, vec![]).await.unwrap();
                    let told = browser.client.execute_async(AXE, vec![]).await.unwrap();
                    words.extend(serde_json::from_value::<Vec<String>>(told).unwrap());
                }
                found.extend(words.into_iter().map(|word| format!("{name} {page} {colours} {width}: {word}")));
                keep(&browser, &format!("{name}{}-{colours}-{width}", page.replace('/', "_"))).await;
                seen += 1;
            }
            assert!(grounds[0] > 0.7 && grounds[2] < 0.1, "{page}: light is light and dark is dark: {grounds:?}");
            // A4 less its margins.
            show(&browser, "print", "light", 718).await;
            let told = browser.client.execute(PAPER, vec![]).await.unwrap();
            let words: Vec<String> = serde_json::from_value(told).unwrap();
            keep(&browser, &format!("{name}{}-paper", page.replace('/', "_"))).await;
            found.extend(words.into_iter().map(|word| format!("{name} {page}: {word}")));
        }
        // English words are of other lengths.
        house.as_(name).await.post("/language", &[("lang", "en"), ("to", "/")]).await.expect(303);
        for page in &pages {
            browser.client.goto(&format!("{home}{page}")).await.unwrap();
            for width in [390, 1280] {
                show(&browser, "", "light", width).await;
                let told = browser.client.execute(EYES, vec![]).await.unwrap();
                let words: Vec<String> = serde_json::from_value(told["found"].clone()).unwrap();
                found.extend(words.into_iter().map(|word| format!("{name} {page} in English {width}: {word}")));
                keep(&browser, &format!("{name}{}-english-{width}", page.replace('/', "_"))).await;
                seen += 1;
            }
            let lang = browser.client.execute("return document.documentElement.lang", vec![]).await.unwrap();
            assert_eq!(lang, "en", "{name} {page}");
        }
    }
    assert_eyes_see(&browser, axe.as_deref()).await;
    browser.client.clone().close().await.unwrap();
    assert!(seen > 150, "{seen}: the pages were found");
    assert!(found.is_empty(), "{} of {seen} looks:\n{}", found.len(), Vec::from_iter(found).join("\n"));
}
