//! The policies of a validation, as options.

use fhir_accord_profiles::evaluate::{Level, Policies, References};

/// A limit that may be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bound {
    Issues,
    Visits,
    Trials,
    Expression,
    Expressions,
    Elements,
}

/// A limit and its size, as an argument.
fn limit(text: &str) -> Result<(Bound, u64), String> {
    let (name, number) = text.split_once('=').ok_or("expected NAME=NUMBER")?;
    let bound = match name {
        "issues" => Bound::Issues,
        "visits" => Bound::Visits,
        "trials" => Bound::Trials,
        "expression" => Bound::Expression,
        "expressions" => Bound::Expressions,
        "elements" => Bound::Elements,
        _ => return Err("expected one of issues, visits, trials, expression, expressions, elements".to_owned()),
    };
    let number = number.parse().map_err(|_| format!("`{number}` is not a whole number"))?;
    if bound == Bound::Trials && number > MOST_TRIALS {
        return Err(format!("at most {MOST_TRIALS} trials may be nested"));
    }
    Ok((bound, number))
}

/// The deepest nesting of trials that may be asked for: each takes its share of the stack.
const MOST_TRIALS: u64 = 40;

/// The policies, as options.
#[derive(clap::Args, Clone, Debug)]
#[command(next_help_heading = "Policies")]
pub(in crate::cli) struct PolicyArgs {
    /// The policies to start from; the options below change single ones.
    #[arg(long, value_enum)]
    preset: Option<Preset>,
    /// Extensions and code systems with example URLs [default: warn].
    #[arg(long, value_enum, value_name = "LEVEL")]
    example_urls: Option<AllowLevel>,
    /// Extensions that no loaded package defines [default: warn]; an unknown modifier extension makes the verdict
    /// undetermined.
    #[arg(long, value_enum, value_name = "LEVEL")]
    unknown_extensions: Option<AllowLevel>,
    /// How references to other resources are checked: only their format (`none`), the type of the target, that it
    /// exists, or that it is also valid under the profiles that the reference asks for [default: type].
    /// `--resources` names what they lead to.
    #[arg(long, value_enum, value_name = "HOW")]
    references: Option<Follow>,
    /// Constraints that are marked as best practice [default: off].
    #[arg(long, value_enum, value_name = "LEVEL")]
    best_practice: Option<OffLevel>,
    /// Displays that do not belong to their code [default: warn].
    #[arg(long, value_enum, value_name = "LEVEL")]
    display: Option<IgnoreLevel>,
    /// Control characters in strings [default: error].
    #[arg(long, value_enum, value_name = "LEVEL")]
    control_characters: Option<IgnoreLevel>,
    /// Accept comments in JSON, which the format does not have.
    #[arg(long)]
    json_comments: bool,
    /// HTML tags in strings and markdown, which a reader that does not escape them would run [default: ignore].
    #[arg(long, value_enum, value_name = "LEVEL")]
    html: Option<IgnoreLevel>,
    /// What HL7 asks of the definitions that it publishes itself, such as the committee [default: ignore].
    #[arg(long, value_enum, value_name = "LEVEL")]
    publication: Option<IgnoreLevel>,
    /// Change a limit: `issues` listed, or, for the work on one instance, `visits` of elements, nested `trials` of
    /// profiles, steps of one `expression`, steps of all `expressions`, or `elements` that it may have. Reaching a
    /// limit of work makes the verdict undetermined. May be repeated.
    #[arg(long = "limit", value_name = "NAME=NUMBER", value_parser = limit)]
    limits: Vec<(Bound, u64)>,
    /// Whether the vital signs profiles apply by the code of an Observation, as R4, R4B and R5 require [default: on].
    #[arg(long, value_enum, value_name = "SWITCH")]
    vital_signs: Option<Switch>,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug)]
enum Preset {
    /// The behaviour that users of the HL7 validator expect.
    Hl7,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug)]
enum AllowLevel {
    Allow,
    Warn,
    Error,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug)]
enum OffLevel {
    Off,
    Warn,
    Error,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug)]
enum IgnoreLevel {
    Ignore,
    Warn,
    Error,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug)]
enum Follow {
    None,
    Type,
    Exists,
    Valid,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug)]
enum Switch {
    On,
    Off,
}

impl Bound {
    /// The name of its setting.
    fn name(self) -> &'static str {
        match self {
            Bound::Issues => "limits.issues",
            Bound::Visits => "limits.visits",
            Bound::Trials => "limits.trials",
            Bound::Expression => "limits.expression",
            Bound::Expressions => "limits.expressions",
            Bound::Elements => "limits.elements",
        }
    }
}

impl PolicyArgs {
    /// The settings that the options name, as accord.toml names them.
    pub(in crate::cli) fn given(&self) -> Vec<&'static str> {
        let options = [
            ("preset", self.preset.is_some()),
            ("example-urls", self.example_urls.is_some()),
            ("unknown-extensions", self.unknown_extensions.is_some()),
            ("references", self.references.is_some()),
            ("best-practice", self.best_practice.is_some()),
            ("display", self.display.is_some()),
            ("control-characters", self.control_characters.is_some()),
            ("html", self.html.is_some()),
            ("publication", self.publication.is_some()),
            ("vital-signs", self.vital_signs.is_some()),
            ("json-comments", self.json_comments),
        ];
        let named = options.into_iter().filter(|(_, is)| *is).map(|(name, _)| name);
        named.chain(self.limits.iter().map(|(bound, _)| bound.name())).collect()
    }

    /// The policies that the options name; `own` lays those of the project over what they start from.
    pub(in crate::cli) fn policies(&self, own: impl Fn(Policies) -> Policies) -> Policies {
        let mut p = own(match self.preset {
            Some(Preset::Hl7) => Policies::hl7(),
            None => Policies::default(),
        });
        let allow = |a: AllowLevel| match a {
            AllowLevel::Allow => Level::Allow,
            AllowLevel::Warn => Level::Warn,
            AllowLevel::Error => Level::Error,
        };
        if let Some(a) = self.example_urls {
            p.example_urls = allow(a);
        }
        if let Some(a) = self.unknown_extensions {
            p.unknown_extensions = allow(a);
        }
        if let Some(f) = self.references {
            p.references = match f {
                Follow::None => References::None,
                Follow::Type => References::Type,
                Follow::Exists => References::Exists,
                Follow::Valid => References::Valid,
            };
        }
        if let Some(o) = self.best_practice {
            p.best_practice = match o {
                OffLevel::Off => Level::Allow,
                OffLevel::Warn => Level::Warn,
                OffLevel::Error => Level::Error,
            };
        }
        let ignore = |i: IgnoreLevel| match i {
            IgnoreLevel::Ignore => Level::Allow,
            IgnoreLevel::Warn => Level::Warn,
            IgnoreLevel::Error => Level::Error,
        };
        p.display = self.display.map_or(p.display, ignore);
        p.control_characters = self.control_characters.map_or(p.control_characters, ignore);
        p.html = self.html.map_or(p.html, ignore);
        p.publication = self.publication.map_or(p.publication, ignore);
        p.json_comments |= self.json_comments;
        for (bound, number) in &self.limits {
            match bound {
                Bound::Issues => p.issues = usize::try_from(*number).unwrap_or(usize::MAX),
                Bound::Visits => p.work.nodes = *number,
                Bound::Trials => p.work.trials = u32::try_from(*number).unwrap_or(u32::MAX),
                Bound::Expression => p.work.expression = *number,
                Bound::Expressions => p.work.expressions = *number,
                Bound::Elements => p.work.intake = usize::try_from(*number).unwrap_or(usize::MAX),
            }
        }
        if let Some(s) = self.vital_signs {
            p.vital_signs = matches!(s, Switch::On);
        }
        p
    }
}
