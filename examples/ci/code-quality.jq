# A SARIF log of accord as a code quality report of GitLab.
def severity: {"error": "major", "warning": "minor", "note": "info"}[.] // "info";
[
  .runs[].results[]
  | .locations[0].physicalLocation as $place
  | {
      description: .message.text,
      check_name: .ruleId,
      fingerprint: ([.partialFingerprints["accordIssue/v1"], $place.artifactLocation.uri] | map(. // "") | join(" ") | @base64),
      severity: (.level | severity),
      location: {
        path: ($place.artifactLocation.uri // ""),
        lines: {begin: ($place.region.startLine // 1)}
      }
    }
]
# Two issues of one kind in one place of the structure are told apart by their order.
| group_by(.fingerprint)
| map(to_entries | map(.value + {fingerprint: "\(.value.fingerprint)-\(.key)"}))
| add // []
