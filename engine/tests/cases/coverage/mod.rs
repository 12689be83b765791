//! No part of the language without a case. A new variant does not compile until it is named here, and named here it needs a case.

mod prompt;
mod rule;
