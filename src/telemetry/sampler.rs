//! Which traces are recorded (<https://opentelemetry.io/docs/specs/otel/trace/sdk/#sampling>).

use super::TraceContext;

/// Which traces are recorded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sampler {
    /// Those that were begun elsewhere are recorded where they are recorded there.
    pub by_parent: bool,
    /// Of the others this share, from 0 to 1, by their ids.
    pub ratio: f64,
}

impl Default for Sampler {
    fn default() -> Sampler {
        Sampler { by_parent: true, ratio: 1.0 }
    }
}

impl Sampler {
    /// The sampler of this name, with its argument, as `OTEL_TRACES_SAMPLER` and `OTEL_TRACES_SAMPLER_ARG` have them.
    ///
    /// # Errors
    /// A sentence that names what is not known.
    pub fn parse(name: &str, argument: Option<&str>) -> Result<Sampler, String> {
        let (by_parent, root) = match name.strip_prefix("parentbased_") {
            Some(root) => (true, root),
            None => (false, name),
        };
        let ratio = match root {
            "always_on" => 1.0,
            "always_off" => 0.0,
            "traceidratio" => {
                let text = argument.unwrap_or("1.0").trim();
                let ratio = text.parse::<f64>().ok().filter(|r| (0.0..=1.0).contains(r));
                ratio.ok_or_else(|| {
                    format!("OTEL_TRACES_SAMPLER_ARG cannot be `{text}`; expected a share from 0 to 1")
                })?
            }
            _ => {
                return Err(format!(
                    "OTEL_TRACES_SAMPLER cannot be `{name}`; expected always_on, always_off or traceidratio, each with \
                     parentbased_ before it or without"
                ));
            }
        };
        Ok(Sampler { by_parent, ratio })
    }

    /// Whether a trace is recorded, which a request with this context goes on with.
    pub fn takes(&self, parent: Option<&TraceContext>, trace_id: u128) -> bool {
        match parent.filter(|_| self.by_parent) {
            Some(parent) => parent.is_sampled,
            // The last seven bytes of the id are random; the largest of them is rounded up.
            None => self.ratio >= 1.0 || ((trace_id & ((1 << 56) - 1)) as f64) < self.ratio * (1u64 << 56) as f64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samplers_by_name() {
        let of = |name: &str, argument: Option<&str>| Sampler::parse(name, argument);
        assert_eq!(of("parentbased_always_on", None), Ok(Sampler::default()));
        assert_eq!(of("traceidratio", Some("0.25")), Ok(Sampler { by_parent: false, ratio: 0.25 }));
        assert!(of("traceidratio", Some("2")).is_err() && of("jaeger_remote", None).is_err());
        let parent = |is_sampled| TraceContext::new_trace(is_sampled);
        let low = 1;
        let high = u128::MAX;
        let quarter = of("parentbased_traceidratio", Some("0.25")).unwrap();
        assert!(quarter.takes(None, low) && !quarter.takes(None, high));
        assert!(quarter.takes(Some(&parent(true)), high) && !quarter.takes(Some(&parent(false)), low));
        let on = of("always_on", None).unwrap();
        assert!(on.takes(Some(&parent(false)), high) && on.takes(None, high));
        assert!(!of("always_off", None).unwrap().takes(Some(&parent(true)), 0));
    }
}
