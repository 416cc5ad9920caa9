//! An organisation as it is shown. Pure.

use crate::{
    base::{arg::Arg, ids::OrganisationId},
    policy::AreaCode,
    store::Paged,
};

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Line {
    pub id: OrganisationId,
    pub area_code: AreaCode,
    pub kind: String,
    pub name_vi: String,
    pub name_en: String,
}

impl Paged for Line {
    fn key(&self) -> Vec<Arg> {
        crate::args![&self.area_code.0, self.kind.as_str(), self.id]
    }
}
