//! JSON in and out, for programs.

use super::Oops;
use super::understood::not_understood;
use crate::{
    app::App,
    base::refusal::Invalid,
    store::{Key, Page, PageAsk},
};
use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, MatchedPath, Request},
    http::{HeaderMap, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use std::{
    collections::HashSet,
    sync::{LazyLock, Mutex, PoisonError},
};

pub use axum::Json;

/// A JSON body, with the sender's `Idempotency-Key` and `If-Match`.
pub struct Told<T> {
    pub body: T,
    pub key: Option<Key>,
    /// The version that the sender read.
    pub version: Option<i64>,
}

impl<T: serde::de::DeserializeOwned> FromRequest<App> for Told<T> {
    type Rejection = Oops;
    async fn from_request(request: Request, app: &App) -> Result<Told<T>, Oops> {
        let (mut parts, body) = request.into_parts();
        let json = parts
            .headers
            .get(header::CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
        if !json {
            return Err(Oops::Unsupported);
        }
        let route = MatchedPath::from_request_parts(&mut parts, app).await.map(|path| path.as_str().to_owned());
        let route = fixed(route.unwrap_or_default());
        let headers = parts.headers.clone();
        // The same body to another record is another request.
        let mut asked = format!("{}\n", parts.uri.path()).into_bytes();
        let bytes = Bytes::from_request(Request::from_parts(parts, body), app).await.map_err(|_| Oops::TooLarge)?;
        let body = whole(&bytes)?;
        asked.extend_from_slice(&bytes);
        let key = match headers.get("idempotency-key").map(|value| value.to_str().unwrap_or_default()) {
            None => None,
            Some(text) => {
                let key = text.parse().map_err(|_| Oops::Invalid(Invalid::one("Idempotency-Key", "not_a_key")))?;
                Some(Key::new(key, route, &asked))
            }
        };
        Ok(Told { body, key, version: version(&headers)? })
    }
}

/// A body that is JSON and nothing after it.
fn whole<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T, Oops> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let body = serde_path_to_error::deserialize(&mut json).map_err(|error| match error.inner().is_data() {
        true => not_understood(&error).into(),
        false => Oops::BadRequest("json"),
    })?;
    json.end().map_err(|_| Oops::BadRequest("json"))?;
    Ok(body)
}

impl<T> Told<T> {
    /// The version of `If-Match`, which a change needs.
    pub fn need_version(&self) -> Result<i64, Oops> {
        self.version.ok_or(Oops::NoVersion)
    }
}

fn version(headers: &HeaderMap) -> Result<Option<i64>, Oops> {
    let Some(value) = headers.get(header::IF_MATCH) else { return Ok(None) };
    let text = value.to_str().unwrap_or_default().trim_matches('"');
    text.parse().map(Some).map_err(|_| Oops::Stale)
}

/// A day in a body: `YYYY-MM-DD`.
///
/// Any other text goes on as one that is no day, so that the draft's own check refuses the field by its name.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(transparent)]
pub struct DayText(String);

impl DayText {
    /// As a draft takes it.
    pub fn draft(self) -> String {
        let iso = self.0.len() == 10 && self.0.parse::<jiff::civil::Date>().is_ok();
        if iso { self.0 } else { "?".to_owned() }
    }
}

/// A day that may be left out, as a draft takes it.
pub fn day(day: Option<DayText>) -> String {
    day.map(DayText::draft).unwrap_or_default()
}

/// A text that may be left out, as a draft takes it.
pub fn text(text: Option<String>) -> String {
    text.unwrap_or_default()
}

/// Yes, no or not said, as a draft takes it.
pub fn yes(yes: Option<bool>) -> String {
    yes.map(|yes| yes.to_string()).unwrap_or_default()
}

impl utoipa::PartialSchema for DayText {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        crate::base::schema::text(utoipa::openapi::KnownFormat::Date)
    }
}
impl utoipa::ToSchema for DayText {
    fn name() -> std::borrow::Cow<'static, str> {
        "Day".into()
    }
}

/// Something was made: 201, where it is, and itself.
pub fn created<T: serde::Serialize>(place: String, body: T) -> Response {
    (StatusCode::CREATED, [(header::LOCATION, place)], Json(body)).into_response()
}

/// A record with the version that `If-Match` asks for when it is changed.
pub fn versioned<T: serde::Serialize>(version: Option<i64>, body: T) -> Response {
    let mut response = Json(body).into_response();
    if let Some(tag) = version.and_then(|version| format!("\"{version}\"").parse().ok()) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// What every list takes: how many rows, after which, and whether to count them all.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// 1 to 100; 25 unless told.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// The `next` of the page before.
    cursor: Option<String>,
    /// Also say how many there are.
    count: Option<bool>,
}

/// The query of a list: its page, and the words of `Q`. Anything else in the query is refused.
pub struct Asked<Q> {
    pub page: PageAsk,
    pub count: bool,
    pub query: Q,
}

/// A query without further words.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

impl<Q: serde::de::DeserializeOwned> FromRequestParts<App> for Asked<Q> {
    type Rejection = Oops;
    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Asked<Q>, Oops> {
        let (paging, query) = halves(parts, &["limit", "cursor", "count"])?;
        let Paging { limit, cursor, count } = read(&paging).map_err(|_| Invalid::one("limit", "out_of_range"))?;
        let limit = limit.unwrap_or(25);
        if !(1..=100).contains(&limit) {
            return Err(Oops::Invalid(Invalid::one("limit", "out_of_range")));
        }
        let query = read(&query)?;
        Ok(Asked { page: PageAsk { limit, cursor }, count: count.unwrap_or(false), query })
    }
}

/// The query of something that is no list.
pub struct Query<Q>(pub Q);

impl<Q: serde::de::DeserializeOwned> FromRequestParts<App> for Query<Q> {
    type Rejection = Oops;
    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Query<Q>, Oops> {
        let (_none, query) = halves(parts, &[])?;
        read(&query).map(Query).map_err(Oops::from)
    }
}

type Pairs = Vec<(String, String)>;

/// The pairs of the query with one of these names, and the others.
fn halves(parts: &Parts, names: &[&str]) -> Result<(Pairs, Pairs), Oops> {
    let pairs: Pairs =
        serde_html_form::from_str(parts.uri.query().unwrap_or_default()).map_err(|_| Oops::BadRequest("query"))?;
    Ok(pairs.into_iter().partition(|(name, _)| names.contains(&name.as_str())))
}

fn read<Q: serde::de::DeserializeOwned>(pairs: &Pairs) -> Result<Q, Invalid> {
    let text = serde_html_form::to_string(pairs).map_err(|_| Invalid::one("", "not_readable"))?;
    let query = serde_html_form::Deserializer::from_bytes(text.as_bytes());
    serde_path_to_error::deserialize(query).map_err(|error| not_understood(&error))
}

/// A page of a list.
#[derive(Debug, serde::Serialize, utoipa::ToSchema)]
pub struct Listed<T> {
    pub items: Vec<T>,
    /// The cursor of the next page; `null` on the last.
    #[schema(required)]
    pub next: Option<String>,
    /// How many rows the whole list has; only where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<i64>,
}

impl<T> Listed<T> {
    pub fn of(page: Page<T>, count: Option<i64>) -> Listed<T> {
        Listed { items: page.items, next: page.next, count }
    }

    /// A page of a short list that was read whole; its cursor is the key of the last row shown.
    pub fn cut<Q>(rows: Vec<T>, asked: &Asked<Q>, key: impl Fn(&T) -> String) -> Result<Listed<T>, Oops> {
        let count = asked.count.then_some(i64::try_from(rows.len()).unwrap_or(i64::MAX));
        let start = match &asked.page.cursor {
            None => 0,
            Some(cursor) => 1 + rows.iter().position(|row| key(row) == *cursor).ok_or(Oops::BadRequest("cursor"))?,
        };
        let limit = usize::try_from(asked.page.limit).unwrap_or(25);
        let more = rows.len() > start + limit;
        let items: Vec<T> = rows.into_iter().skip(start).take(limit).collect();
        let next = if more { items.last().map(&key) } else { None };
        Ok(Listed { items, next, count })
    }
}

/// The route's text for as long as the program runs. There are as many as there are routes.
pub(super) fn fixed(route: String) -> &'static str {
    static ROUTES: LazyLock<Mutex<HashSet<&'static str>>> = LazyLock::new(Mutex::default);
    let mut routes = ROUTES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = routes.get(route.as_str()) {
        return known;
    }
    let text: &'static str = Box::leak(route.into_boxed_str());
    routes.insert(text);
    text
}
