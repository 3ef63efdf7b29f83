//! What every request passes, whatever it asks for: origin, headers, limits, reading of input, redirects.

mod body;
mod headers;
mod limits;
mod origin;
mod path;
mod query;
mod redirect;
