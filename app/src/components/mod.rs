//! The parts that pages are made of.
//!
//! Always true: a component shows what it is given and loads nothing; colour never says anything alone.

mod anomaly_table;
mod chart_option;
mod chart_svg;
mod chart_table;
mod danger;
mod empty;
mod failed;
mod field;
mod figure_card;
mod form;
mod head;
mod icon;
mod line_chart;
mod loaded;
mod made_once;
mod nav;
mod rows;
mod service_card;
mod shares;
mod sort_head;
mod sparkline;
mod status;
mod theme_switch;
mod time_range;

pub(crate) use anomaly_table::AnomalyTable;
pub(crate) use danger::Danger;
pub(crate) use empty::{Command, Empty};
pub(crate) use failed::Failed;
pub(crate) use field::{Area, Check, Choice, Field};
pub(crate) use figure_card::FigureCard;
pub(crate) use form::{CallForm, FormFailure, Saved, Submit};
pub(crate) use head::PageHead;
pub(crate) use icon::{BrandMark, Glyph, Icon};
pub(crate) use line_chart::LineChart;
pub(crate) use loaded::Loaded;
pub(crate) use made_once::MadeOnce;
pub(crate) use nav::{Nav, destinations};
pub(crate) use rows::{Items, Rows};
pub(crate) use service_card::ServiceCard;
pub(crate) use shares::Shares;
pub(crate) use sort_head::SortHead;
pub(crate) use sparkline::Sparkline;
pub(crate) use status::{Health, SeverityMark, Simulated, StateMark};
pub(crate) use theme_switch::ThemeSwitch;
pub(crate) use time_range::{TimeRangeLinks, Zoomable, use_range};
