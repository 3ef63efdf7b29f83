//! Operators and aggregations: what they join and how.

use promql_parser::parser::token::{
    T_ADD, T_ATAN2, T_AVG, T_BOTTOMK, T_COUNT, T_COUNT_VALUES, T_DIV, T_EQLC, T_GROUP, T_GTE, T_GTR, T_LAND, T_LOR,
    T_LSS, T_LTE, T_LUNLESS, T_MAX, T_MIN, T_MOD, T_MUL, T_NEQ, T_POW, T_QUANTILE, T_STDDEV, T_STDVAR, T_SUB, T_SUM,
    T_TOPK,
};
use promql_parser::parser::{
    AggregateExpr, BinModifier, BinaryExpr, LabelModifier, VectorMatchCardinality, VectorMatchFillValues,
};

use super::error::QueryError;
use super::lower::Lowering;
use super::lower_call::label_name;
use super::node::{Aggregate, Binary, Group, Grouping, Matching, Node, NodeType, Operator, Reduction};

pub(super) fn lower_binary(lowering: &mut Lowering<'_>, expr: &BinaryExpr) -> Result<Node, QueryError> {
    let name = expr.op.to_string();
    let operator = operator(expr).ok_or_else(|| {
        lowering
            .locate(QueryError::unsupported(format!("the operator {name} is not supported"), "use another one"), &name)
    })?;
    let left = lowering.node(&expr.lhs)?;
    let right = lowering.node(&expr.rhs)?;
    if [&left, &right].iter().any(|side| side.node_type() == NodeType::Range) {
        let error =
            QueryError::syntax(format!("{name} cannot take a range"), "apply a function such as rate() to it first");
        return Err(lowering.locate(error, &name));
    }
    let (as_bool, matching) = match &expr.modifier {
        None => (false, Matching::default()),
        Some(modifier) => (modifier.return_bool, matching(lowering, modifier)?),
    };
    Ok(Node::Binary(Box::new(Binary { operator, left, right, as_bool, matching })))
}

fn matching(lowering: &Lowering<'_>, modifier: &BinModifier) -> Result<Matching, QueryError> {
    if modifier.fill_values != VectorMatchFillValues::default() {
        let error = QueryError::unsupported("fill modifiers are not supported", "use or vector(0)");
        return Err(lowering.locate(error, "fill"));
    }
    let (on, labels) = match &modifier.matching {
        None => (false, Vec::new()),
        Some(LabelModifier::Include(labels)) => (true, labels.labels.clone()),
        Some(LabelModifier::Exclude(labels)) => (false, labels.labels.clone()),
    };
    let group = match &modifier.card {
        VectorMatchCardinality::OneToOne | VectorMatchCardinality::ManyToMany => Group::OneToOne,
        VectorMatchCardinality::ManyToOne(labels) => Group::Left(labels.labels.clone()),
        VectorMatchCardinality::OneToMany(labels) => Group::Right(labels.labels.clone()),
    };
    Ok(Matching { on, labels, group })
}

fn operator(expr: &BinaryExpr) -> Option<Operator> {
    Some(match expr.op.id() {
        T_ADD => Operator::Add,
        T_SUB => Operator::Sub,
        T_MUL => Operator::Mul,
        T_DIV => Operator::Div,
        T_MOD => Operator::Mod,
        T_POW => Operator::Pow,
        T_ATAN2 => Operator::Atan2,
        T_EQLC => Operator::Equal,
        T_NEQ => Operator::NotEqual,
        T_LSS => Operator::Less,
        T_LTE => Operator::LessOrEqual,
        T_GTR => Operator::Greater,
        T_GTE => Operator::GreaterOrEqual,
        T_LAND => Operator::And,
        T_LOR => Operator::Or,
        T_LUNLESS => Operator::Unless,
        _ => return None,
    })
}

pub(super) fn lower_aggregate(lowering: &mut Lowering<'_>, expr: &AggregateExpr) -> Result<Node, QueryError> {
    let name = expr.op.to_string();
    let parameter = expr.param.as_deref();
    let reduction = match (expr.op.id(), parameter) {
        (T_SUM, _) => Reduction::Sum,
        (T_AVG, _) => Reduction::Avg,
        (T_MIN, _) => Reduction::Min,
        (T_MAX, _) => Reduction::Max,
        (T_COUNT, _) => Reduction::Count,
        (T_GROUP, _) => Reduction::Group,
        (T_STDDEV, _) => Reduction::Stddev,
        (T_STDVAR, _) => Reduction::Stdvar,
        (T_TOPK, Some(k)) => Reduction::TopK(lowering.scalar(k, &name)?),
        (T_BOTTOMK, Some(k)) => Reduction::BottomK(lowering.scalar(k, &name)?),
        (T_QUANTILE, Some(quantile)) => Reduction::Quantile(lowering.scalar(quantile, &name)?),
        (T_COUNT_VALUES, Some(label)) => Reduction::CountValues(label_name(lowering, label, &name)?),
        _ => {
            let error =
                QueryError::unsupported(format!("the aggregation {name} is not supported"), "use topk or bottomk");
            return Err(lowering.locate(error, &name));
        }
    };
    let vector = lowering.vector(&expr.expr, &name)?;
    let grouping = match &expr.modifier {
        None => Grouping::By(Vec::new()),
        Some(LabelModifier::Include(labels)) => Grouping::By(labels.labels.clone()),
        Some(LabelModifier::Exclude(labels)) => Grouping::Without(labels.labels.clone()),
    };
    Ok(Node::Aggregate(Box::new(Aggregate { reduction, vector, grouping })))
}
