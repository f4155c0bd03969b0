//! What every operation of a kind may answer, said once for all of them: the rest each says of itself.

use utoipa::openapi::path::{Operation, ParameterIn};
use utoipa::openapi::{ContentBuilder, OpenApi, Ref, RefOr, ResponseBuilder};

/// Of what takes a body.
const OF_BODIES: [(&str, &str); 4] = [
    ("400", "The body is not what it should be; error says why"),
    ("408", "The body took too long to arrive"),
    ("413", "The body is too large"),
    ("415", "The body is not application/json"),
];
/// Of what follows a question mark.
const OF_QUERIES: [(&str, &str); 1] = [("400", "What follows the question mark is not what it should be")];
/// Of what is asked about an organization, named or not.
const OF_ORGANIZATIONS: [(&str, &str); 1] = [("404", "There is no such organization")];

/// Adds to each operation what it may answer because of what it is asked with.
pub(super) fn complete(document: &mut OpenApi) {
    for item in document.paths.paths.values_mut() {
        let all = [&mut item.get, &mut item.put, &mut item.post, &mut item.patch, &mut item.delete];
        all.into_iter().flatten().for_each(complete_one);
    }
}

fn complete_one(operation: &mut Operation) {
    let mut further = Vec::new();
    if operation.request_body.is_some() {
        further.extend(OF_BODIES);
    }
    let parameters = operation.parameters.iter().flatten().filter_map(|parameter| match parameter {
        RefOr::T(parameter) => Some(parameter),
        RefOr::Ref(_) => None,
    });
    for parameter in parameters.filter(|parameter| parameter.parameter_in == ParameterIn::Query) {
        further.extend(OF_QUERIES);
        if parameter.name == "organization" {
            further.extend(OF_ORGANIZATIONS);
        }
    }
    for (status, description) in further {
        let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
        let response = ResponseBuilder::new().description(description).content("application/json", content);
        let known = &mut operation.responses.responses;
        known.entry(status.to_owned()).or_insert_with(|| response.build().into());
    }
}
