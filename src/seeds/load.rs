//! Many invented people for load tests.
