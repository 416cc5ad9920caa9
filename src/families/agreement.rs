//! The word of a relative, given and taken back: for herself, for a household or for a child. Each of the three keeps it in
//! columns of the same names.

use super::model::Agreed;
use crate::{
    app::Refused,
    base::{refusal::Invalid, time::Day},
    policy::acts::Act,
    store::{Fault, Work},
};

/// It is given; one that was taken back before holds again.
pub(crate) async fn give<A: Act>(work: &mut Work<A>, agreed: Agreed) -> Result<(), Fault> {
    let Agreed { on, how, shares } = agreed;
    work.set(
        "consented_on = ?, consented_how = ?, shares = ?, withdrawn_at = ?",
        crate::args![on, how.as_str(), shares, None::<i64>],
    )
    .await?;
    work.detail(format!("consent {how}"));
    Ok(())
}

/// It is taken back: from the next request on helpers hear of nothing.
///
/// # Errors
/// [`Refused::Invalid`]: it was `withdrawn` already.
pub(crate) async fn take_back<A: Act>(work: &mut Work<A>, withdrawn: bool) -> Result<(), Refused> {
    if withdrawn {
        return Err(Invalid::one("", "already_withdrawn_consent").into());
    }
    let now = work.now();
    work.set("withdrawn_at = ?, shares = ?", crate::args![now, false]).await?;
    work.detail("consent withdrawn".to_owned());
    Ok(())
}

/// Another has to give it now: until she does, nothing is shared.
pub(crate) async fn ask_anew<A: Act>(work: &mut Work<A>) -> Result<(), Fault> {
    work.set("consented_on = ?, consented_how = ?, shares = ?", crate::args![None::<Day>, None::<&str>, false]).await
}
