//! How inputs look in the OpenAPI document: the bounds that `validate` checks, in the words of JSON Schema.
//!
//! Always true: what a check takes, its shape takes, but for letters outside of Unicode's category L. Rules that join
//! fields or ask what is stored are only in the checks.

use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{AdditionalProperties, Object, ObjectBuilder, Schema, SchemaType, Type};
use utoipa::{PartialSchema, ToSchema};

/// Characters that are neither blank nor control characters make a text that is not empty.
const FULL: &str = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$";
const NO_CONTROL: &str = r"^[^\x00-\x1f\x7f-\x9f]*$";

/// A text of `min` to `max` characters that matches `pattern`, where there is one.
pub(crate) fn text(min: usize, max: usize, pattern: &str) -> Object {
    let builder = ObjectBuilder::new().schema_type(SchemaType::new(Type::String));
    let builder = builder.min_length(Some(min)).max_length(Some(max));
    builder.pattern(Some(pattern).filter(|pattern| !pattern.is_empty())).build()
}

/// At most `max` entries with keys and values of these shapes.
fn entries(max: usize, key: Object, value: Object) -> Object {
    let value = AdditionalProperties::RefOr(RefOr::T(Schema::Object(value)));
    let builder = ObjectBuilder::new().schema_type(SchemaType::new(Type::Object)).max_properties(Some(max));
    builder.property_names(Some(key)).additional_properties(Some(value)).build()
}

macro_rules! shapes {
    ($($name:ident: $about:literal = $schema:expr;)*) => {$(
        #[doc = $about]
        #[derive(Debug)]
        pub struct $name;

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let mut schema: Object = $schema;
                schema.description = Some($about.to_owned());
                RefOr::T(Schema::Object(schema))
            }
        }

        impl ToSchema for $name {}
    )*};
}

shapes! {
    Name: "Letters, digits and `. _ - : /`." = text(1, 128, r"^[\p{L}\p{N}._:/-]+$");
    Label64: "A text that is not blank." = text(1, 64, FULL);
    Label128: "A text that is not blank." = text(1, 128, FULL);
    Label256: "A text that is not blank." = text(1, 256, FULL);
    Text128: "A text that may be empty." = text(0, 128, NO_CONTROL);
    Text256: "A text that may be empty." = text(0, 256, NO_CONTROL);
    Text1000: "A text that may be empty." = text(0, 1_000, NO_CONTROL);
    Email: "An e-mail address." = text(3, 254, r"^[^@\s\x00-\x1f\x7f-\x9f]+@[^@\s\x00-\x1f\x7f-\x9f]+$");
    Password: "Long enough to resist guessing." = text(12, 128, "");
    HttpUrl: "An absolute http or https URL." = text(8, 2_048, r"^https?://[^/?#:\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$");
    MetricName: "The name of a metric." = text(1, 256, r"^[A-Za-z_:][A-Za-z0-9_:]*$");
    ProviderName: "Letters, digits and `- _ .`." = text(1, 64, "^[A-Za-z0-9._-]+$");
    ProviderKey: "Plain ASCII." = text(0, 4_096, r"^[\x20-\x7e]*$");
    ServiceLabels: "Labels of a service." = entries(32, text(1, 128, FULL), text(0, 512, NO_CONTROL));
    TargetLabels: "Labels of a target." = entries(16, text(1, 512, r"^[A-Za-z_][A-Za-z0-9_]*$"), text(0, 512, NO_CONTROL));
    SampleLabels: "Labels of a sample." = entries(32, text(1, 256, r"^(?!__)[A-Za-z_][A-Za-z0-9_]*$"), text(0, 2_048, NO_CONTROL));
}
