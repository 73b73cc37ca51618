use super::*;

#[test]
fn the_tree_has_the_shape_of_the_lab() {
    let text = "('é' & name.given.first()) is System.String";
    let tree = tree_json(&fhir_accord_profiles::fhirpath::parse(text).unwrap(), text);
    assert_eq!(tree["Name"], "is");
    assert_eq!(tree["Arguments"][1], json!({"ExpressionType": "ConstantExpression", "Name": "System.String"}));
    let first = &tree["Arguments"][0]["Arguments"][1];
    assert_eq!(
        (first["Name"].as_str(), first["ExpressionType"].as_str()),
        (Some("first"), Some("FunctionCallExpression"))
    );
    assert_eq!(first["Position"], text.chars().take_while(|c| *c != 'f').count());
    assert_eq!(first["Arguments"][0]["Arguments"][0]["Arguments"][0]["Name"], "builtin.that");
}
