//! The crate that the cases of `outside/` are compiled in: see `main.rs`.
#![allow(dead_code, reason = "a case is compiled, not run")]

#[cfg(refused)]
mod case {
    include!(env!("DUONGVE_REFUSED_CASE"));
}

fn main() {}
