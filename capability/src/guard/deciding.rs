//! The decision on one request, interaction by interaction.

use super::access::{Access, Decision, Method, Reason, State};
use super::asked::{Asked, only};
use super::content::{BINARY, is_content};
use super::grants::Carriers;
use super::judge::{Draft, Judge};
use super::listed::is_other_method;
use super::media::is_of_version;
use super::patch::patched;
use super::query::{Parameter, parameters};
use super::refusal::refused;
use super::route::{Route, route, split};
use super::searching::{is_count, is_form, is_page};
use crate::scope::{Permission, ResourceScope};

impl Judge<'_> {
    /// What becomes of a request; `is_entry` where it is one of a batch or a transaction.
    pub(super) fn decide(&self, access: &Access<'_>, is_entry: bool) -> Decision {
        let mut draft = Draft::default();
        let made = self.asked(access).and_then(|asked| {
            draft.interaction = Some(asked.route.code());
            draft.resource_type = asked.route.resource_type().map(str::to_owned);
            self.go_on()?;
            self.answer(access, &asked, is_entry, &mut draft)
        });
        draft.done(made)
    }

    /// Understands a request.
    pub(super) fn asked<'u>(&self, access: &Access<'u>) -> Result<Asked<'u>, Reason> {
        let (path, query) = split(access.url)?;
        let route = route(access.method, path, query.is_some())?;
        if let Some(name) = route.resource_type().filter(|t| !self.evidence.knows_type(t)) {
            return Err(refused("type-unknown", format!("the FHIR version has no resource type `{name}`")));
        }
        let mut all = parameters(query.unwrap_or_default())?;
        let has_form = access.method == Method::Post && route.searches();
        if has_form {
            all.extend(self.form(access)?);
        }
        let bodiless = matches!(access.method, Method::Get | Method::Head | Method::Delete);
        if bodiless && access.body.is_some_and(|b| !b.is_empty()) {
            return Err(refused("body-unexpected", "the request has a body, and its interaction has none"));
        }
        if all.iter().any(|p| is_other_method(&p.name)) {
            return Err(refused("query-unexpected", "the query names another method"));
        }
        let version = self.negotiated.fhir_version();
        if all.iter().any(|p| is_form(p) && !is_of_version(&p.value, version)) {
            return Err(refused("query-unexpected", "the query asks for another FHIR version than the negotiated one"));
        }
        if access.if_none_exist.is_some() && !matches!(route, Route::Create(_)) {
            return Err(refused("query-unexpected", "`If-None-Exist` belongs to a create"));
        }
        Ok(Asked { route, parameters: all })
    }

    /// The parameters in the body of a search by POST.
    fn form(&self, access: &Access<'_>) -> Result<Vec<Parameter>, Reason> {
        let is_form = |t: &str| {
            t.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")
        };
        let Some(body) = access.body.filter(|b| !b.is_empty()) else { return Ok(Vec::new()) };
        if access.content_type.is_some_and(|t| !is_form(t)) {
            return Err(refused("body-format", "the body of a search is not sent as a form"));
        }
        let text = std::str::from_utf8(body).ok().filter(|t| t.bytes().all(|b| b.is_ascii_graphic()));
        parameters(text.ok_or_else(|| refused("query-malformed", "the body of the search is not a form"))?)
    }

    fn answer(&self, access: &Access<'_>, asked: &Asked<'_>, is_entry: bool, draft: &mut Draft) -> Result<(), Reason> {
        let all = &asked.parameters;
        match asked.route {
            Route::Capabilities => Ok(()),
            Route::Bundle if is_entry => {
                Err(refused("bundle-malformed", "an entry is a batch or a transaction itself"))
            }
            Route::Bundle => self.bundle(access, all, draft),
            Route::Operation(name, operation) => self.operation(name, operation, draft),
            Route::Read(name, _) | Route::Vread(name, _) | Route::HistoryInstance(name, _) => {
                only(all, &["_summary", "_elements", "_count", "_since", "_at", "_sort"])?;
                self.negotiated(asked.route.code(), Some(name))?;
                self.reading(access, name, Permission::Read, all, draft).map(drop)
            }
            Route::HistoryType(_) | Route::HistorySystem => {
                only(all, &["_summary", "_elements", "_count", "_since", "_at", "_sort"])?;
                self.searching(access, asked, draft)
            }
            Route::SearchType(_) | Route::SearchSystem => self.searching(access, asked, draft),
            Route::Create(BINARY) | Route::Update(BINARY, Some(_)) if is_content(access) => {
                self.content(access, asked, draft)
            }
            Route::Create(name) => self.create(access, name, all, draft),
            Route::Update(name, id) => self.update(access, (name, id), all, draft),
            Route::Patch(name, id) => self.patch(access, (name, id), all, draft),
            Route::Delete(name, id) => self.delete(access, (name, id), all, draft),
        }
    }

    fn searching(&self, access: &Access<'_>, asked: &Asked<'_>, draft: &mut Draft) -> Result<(), Reason> {
        let name = asked.route.resource_type();
        let all = &asked.parameters;
        if asked.route == Route::SearchSystem && is_page(all) {
            // What it searched for is not told: each resource has to be one that could be searched for, or read.
            return self.unseen(access, all, draft);
        }
        self.negotiated(asked.route.code(), name)?;
        let limited = self.reading(access, name.unwrap_or("*"), Permission::Search, all, draft)?;
        if !asked.route.searches() {
            return Ok(());
        }
        self.bounded(access.url, name, all, &limited)?;
        self.search(name, all, draft)
    }

    /// Whether a scope lets a type be read; where it has limits the answer is judged. Returns the scopes with limits.
    fn reading(
        &self,
        access: &Access<'_>,
        resource_type: &str,
        permission: Permission,
        all: &[Parameter],
        draft: &mut Draft,
    ) -> Result<Vec<&ResourceScope>, Reason> {
        let limited = match self.carriers(resource_type, permission)? {
            Carriers::Free(scope) => {
                draft.scope = Some(scope.to_string());
                return Ok(Vec::new());
            }
            Carriers::Limited(limited) => limited,
            Carriers::None(_) => Vec::new(),
        };
        self.unseen(access, all, draft)?;
        draft.scope = limited.first().map(ToString::to_string);
        Ok(limited)
    }

    /// Has the answer judged; refuses one that would not show what it is about.
    fn unseen(&self, access: &Access<'_>, all: &[Parameter], draft: &mut Draft) -> Result<(), Reason> {
        if access.method == Method::Head {
            return Err(refused("answer-unjudged", "an answer without its body cannot be held against the scopes"));
        }
        if is_count(all) {
            return Err(refused("answer-unjudged", "a count without resources cannot be held against the scopes"));
        }
        self.uncut(all)?;
        draft.judges_answer = true;
        Ok(())
    }

    /// Whether a scope lets a write select by a search, and the resource that the search finds be found.
    fn found(&self, resource_type: &str, all: &[Parameter], old: State<'_>, draft: &mut Draft) -> Result<(), Reason> {
        self.selection(resource_type, all, draft)?;
        draft.judges_answer = false;
        match (self.carriers(resource_type, Permission::Search)?, old) {
            (Carriers::Free(_), _) | (_, State::Absent) => Ok(()),
            (_, State::NotRead) => {
                draft.needs_old = true;
                Ok(())
            }
            (_, State::Resource(old)) => {
                self.head(old, resource_type, "the resource as it stands")?;
                self.carried(resource_type, Permission::Search, old).map(drop)
            }
        }
    }

    fn create(&self, access: &Access<'_>, name: &str, all: &[Parameter], draft: &mut Draft) -> Result<(), Reason> {
        only(all, &[])?;
        self.negotiated("create", Some(name))?;
        self.carriers(name, Permission::Create)?;
        if let Some(query) = access.if_none_exist {
            self.conditional(name, "conditionalCreate")?;
            let query = query.strip_prefix('?').unwrap_or(query);
            self.found(name, &parameters(query)?, access.old, draft)?;
        }
        let body = self.body(access)?;
        let head = self.head(body, name, "the body")?;
        // By its id it would be in its own compartment.
        if name == "Patient" && head.id.is_some() && self.freely(name, Permission::Create).is_none() {
            let text = "the server gives the Patient another id than the body has, so that it cannot be judged";
            return Err(refused("body-id", text));
        }
        draft.scope = Some(self.carried(name, Permission::Create, body)?);
        if draft.needs_old { Ok(()) } else { self.validated(name, body, &head, draft) }
    }

    fn update(
        &self,
        access: &Access<'_>,
        (name, id): (&str, Option<&str>),
        all: &[Parameter],
        draft: &mut Draft,
    ) -> Result<(), Reason> {
        self.negotiated("update", Some(name))?;
        self.carriers(name, Permission::Update)?;
        match id {
            Some(_) => only(all, &[])?,
            None => {
                self.conditional(name, "conditionalUpdate")?;
                self.found(name, all, access.old, draft)?;
            }
        }
        let body = self.body(access)?;
        let head = self.head(body, name, "the body")?;
        same_id(id, head.id.as_deref(), "the body")?;
        // A conditional update that finds nothing would put the body where its id says.
        let replaces = id.is_none() && head.id.is_some();
        match access.old {
            State::NotRead => {
                let creates = match id {
                    Some(_) => self.flag(name, "updateCreate"),
                    None => !replaces && self.negotiated("create", Some(name)).is_ok(),
                };
                let is_same = creates && self.freely(name, Permission::Create).is_some();
                draft.scope = Some(self.carried(name, Permission::Update, body)?);
                draft.needs_old |= self.freely(name, Permission::Update).is_none() || !is_same;
            }
            State::Absent if replaces => {
                let text = "a conditional update that finds nothing would replace the resource with the body's id";
                return Err(refused("body-id", text));
            }
            State::Absent => {
                // A conditional update that finds nothing is a create.
                if id.is_none() {
                    self.negotiated("create", Some(name))?;
                } else if !self.flag(name, "updateCreate") {
                    let text = "the update would create, and the negotiation does not list `updateCreate`";
                    return Err(refused("conditional-not-negotiated", format!("{text} of {name}")));
                }
                draft.scope = Some(self.carried(name, Permission::Create, body)?);
                self.carried(name, Permission::Update, body)?;
            }
            State::Resource(old) => {
                self.stands(old, name, id.or(head.id.as_deref()))?;
                self.carried(name, Permission::Update, old)?;
                draft.scope = Some(self.carried(name, Permission::Update, body)?);
            }
        }
        if draft.needs_old { Ok(()) } else { self.validated(name, body, &head, draft) }
    }

    /// Whether the resource as it stands is the one that is asked for.
    pub(super) fn stands(&self, old: &[u8], name: &str, id: Option<&str>) -> Result<(), Reason> {
        let what = "the resource as it stands";
        let head = self.head(old, name, what)?;
        same_id(id, head.id.as_deref(), what)
    }

    fn patch(
        &self,
        access: &Access<'_>,
        (name, id): (&str, Option<&str>),
        all: &[Parameter],
        draft: &mut Draft,
    ) -> Result<(), Reason> {
        self.negotiated("patch", Some(name))?;
        self.carriers(name, Permission::Update)?;
        match id {
            Some(_) => only(all, &[])?,
            None => {
                self.conditional(name, "conditionalPatch")?;
                self.found(name, all, access.old, draft)?;
            }
        }
        self.of_version(access)?;
        let body = access.body.ok_or_else(|| refused("body-missing", "the request has no body"))?;
        let old = match access.old {
            State::NotRead => {
                draft.needs_old = true;
                return Ok(());
            }
            State::Absent => return Err(refused("old-absent", "there is no resource to change")),
            State::Resource(old) => old,
        };
        self.stands(old, name, id)?;
        self.carried(name, Permission::Update, old)?;
        let new = patched(old, body, access.content_type, self.interrupt)?;
        let what = "the patched resource";
        let head = self.head(&new, name, what)?;
        let kept = self.head(old, name, what)?.id;
        same_id(id.or(kept.as_deref()), head.id.as_deref(), what)?;
        draft.scope = Some(self.carried(name, Permission::Update, &new)?);
        // The answer may show the resource to whoever may not read it.
        draft.judges_answer = self.carried(name, Permission::Read, &new).is_err();
        let made = self.validated(name, &new, &head, draft);
        if self.carried(name, Permission::Read, old).is_err() {
            // They quote what stood there.
            draft.issues.clear();
        }
        made
    }

    fn delete(
        &self,
        access: &Access<'_>,
        (name, id): (&str, Option<&str>),
        all: &[Parameter],
        draft: &mut Draft,
    ) -> Result<(), Reason> {
        self.negotiated("delete", Some(name))?;
        let limited = match self.carriers(name, Permission::Delete)? {
            Carriers::Free(scope) => {
                draft.scope = Some(scope.to_string());
                false
            }
            _ => true,
        };
        match id {
            Some(_) => only(all, &[])?,
            None => {
                self.conditional(name, "conditionalDelete")?;
                self.found(name, all, access.old, draft)?;
                if limited {
                    let text = "more than one resource may be deleted, which cannot be held against the scopes";
                    return Err(refused("conditional-unjudged", text));
                }
            }
        }
        match access.old {
            _ if !limited => Ok(()),
            State::NotRead => {
                draft.needs_old = true;
                Ok(())
            }
            State::Absent => Err(refused("old-absent", "there is no resource to change")),
            State::Resource(old) => {
                self.stands(old, name, id)?;
                draft.scope = Some(self.carried(name, Permission::Delete, old)?);
                Ok(())
            }
        }
    }
}

fn same_id(wanted: Option<&str>, found: Option<&str>, what: &str) -> Result<(), Reason> {
    match wanted {
        Some(wanted) if found != Some(wanted) => {
            Err(refused("body-id", format!("the id of {what} is not the one of the address")))
        }
        _ => Ok(()),
    }
}
