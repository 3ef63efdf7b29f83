//! The plan of a query: a tree in which every type has been checked, every name resolved and every selector numbered.

use regex::Regex;

use super::functions_element::ElementFunction;
use super::time::Shift;
use super::window_function::WindowFunction;
use crate::head::Matcher;
use crate::labels::Labels;

/// What a node evaluates to at one step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NodeType {
    Scalar,
    Vector,
    Range,
}

#[derive(Debug, Clone)]
pub(super) enum Node {
    Number(f64),
    /// `time()`
    Time,
    Select(Selector),
    /// A range on its own: only as the whole of an instant query.
    Range(RangeSource),
    Negate(Box<Node>),
    Binary(Box<Binary>),
    Aggregate(Box<Aggregate>),
    Window(Box<WindowCall>),
    /// `absent` and `absent_over_time`, with the labels that their answer has.
    Absent(Box<Node>, Labels),
    AbsentOverTime(RangeSource, Labels),
    /// `scalar(vector)`
    ToScalar(Box<Node>),
    /// `vector(scalar)`
    ToVector(Box<Node>),
    Element(Box<ElementCall>),
    /// `timestamp` of a selector: when its sample was taken.
    SampleTime(Selector),
    /// `timestamp` of anything else: when it was evaluated.
    EvaluationTime(Box<Node>),
    Sort {
        vector: Box<Node>,
        descending: bool,
    },
    Relabel(Box<Relabel>),
    HistogramQuantile {
        quantile: Box<Node>,
        buckets: Box<Node>,
    },
}

/// A reference to the selector of this number in [`super::Query::selections`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Selector {
    pub(super) number: usize,
    pub(super) shift: Shift,
}

/// Where the samples of a window come from.
#[derive(Debug, Clone)]
pub(super) enum RangeSource {
    Series { selector: Selector, window_ms: i64 },
    Subquery { vector: Box<Node>, shift: Shift, window_ms: i64, step_ms: i64 },
}

#[derive(Debug, Clone)]
pub(super) struct WindowCall {
    pub(super) function: WindowFunction,
    pub(super) source: RangeSource,
    /// The scalar of `quantile_over_time` and `predict_linear`.
    pub(super) parameter: Option<Node>,
}

#[derive(Debug, Clone)]
pub(super) struct ElementCall {
    pub(super) function: ElementFunction,
    pub(super) vector: Node,
    /// At most two scalars.
    pub(super) parameters: Vec<Node>,
}

#[derive(Debug, Clone)]
pub(super) enum Relabel {
    Replace { vector: Node, target: String, replacement: String, source: String, regex: Regex },
    Join { vector: Node, target: String, separator: String, sources: Vec<String> },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Add,
    Sub,
    Mul,
    Div,
    Mod,
    Pow,
    Atan2,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    And,
    Or,
    Unless,
}

#[derive(Debug, Clone)]
pub(super) struct Binary {
    pub(super) operator: Operator,
    pub(super) left: Node,
    pub(super) right: Node,
    /// The `bool` modifier: a comparison gives 0 or 1 instead of filtering.
    pub(super) as_bool: bool,
    pub(super) matching: Matching,
}

/// How elements of two vectors find each other.
#[derive(Debug, Clone, Default)]
pub(super) struct Matching {
    /// `on(labels)` when true, else `ignoring(labels)`.
    pub(super) on: bool,
    pub(super) labels: Vec<String>,
    pub(super) group: Group,
}

/// Which side may have several elements for one of the other, and which labels it takes from that one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum Group {
    #[default]
    OneToOne,
    Left(Vec<String>),
    Right(Vec<String>),
}

#[derive(Debug, Clone)]
pub(super) enum Reduction {
    Sum,
    Avg,
    Min,
    Max,
    Count,
    Group,
    Stddev,
    Stdvar,
    /// The scalar is `k`.
    TopK(Node),
    BottomK(Node),
    Quantile(Node),
    /// The text is the label that gets the value.
    CountValues(String),
}

#[derive(Debug, Clone)]
pub(super) struct Aggregate {
    pub(super) reduction: Reduction,
    pub(super) vector: Node,
    pub(super) grouping: Grouping,
}

#[derive(Debug, Clone)]
pub(super) enum Grouping {
    By(Vec<String>),
    Without(Vec<String>),
}

/// What a selector asks for, apart from its time.
#[derive(Debug, Clone)]
pub(super) struct SelectorSpec {
    pub(super) matchers: Vec<Matcher>,
    /// The function that is applied to the selected samples, if any.
    pub(super) function: Option<&'static str>,
}

impl Node {
    pub(super) fn node_type(&self) -> NodeType {
        match self {
            Self::Number(_) | Self::Time | Self::ToScalar(_) => NodeType::Scalar,
            Self::Range(_) => NodeType::Range,
            Self::Negate(inner) => inner.node_type(),
            Self::Binary(binary) => match (binary.left.node_type(), binary.right.node_type()) {
                (NodeType::Scalar, NodeType::Scalar) => NodeType::Scalar,
                _ => NodeType::Vector,
            },
            _ => NodeType::Vector,
        }
    }
}

impl Operator {
    pub(super) fn is_comparison(self) -> bool {
        matches!(
            self,
            Self::Equal | Self::NotEqual | Self::Less | Self::LessOrEqual | Self::Greater | Self::GreaterOrEqual
        )
    }

    pub(super) fn is_set(self) -> bool {
        matches!(self, Self::And | Self::Or | Self::Unless)
    }
}
