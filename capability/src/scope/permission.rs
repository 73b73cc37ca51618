//! Permissions of a resource scope: the letters c, r, u, d, s (<https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html>).

use std::fmt;

/// One permission letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    Create,
    Read,
    Update,
    Delete,
    Search,
}

impl Permission {
    /// All letters in their order.
    pub const ALL: [Permission; 5] =
        [Permission::Create, Permission::Read, Permission::Update, Permission::Delete, Permission::Search];

    pub fn letter(self) -> char {
        match self {
            Permission::Create => 'c',
            Permission::Read => 'r',
            Permission::Update => 'u',
            Permission::Delete => 'd',
            Permission::Search => 's',
        }
    }

    /// The letter that an interaction of one type needs; `None` for batch, transaction and what is not known.
    pub fn of_interaction(code: &str) -> Option<Permission> {
        Some(match code {
            "create" => Permission::Create,
            "read" | "vread" | "history-instance" => Permission::Read,
            "update" | "patch" => Permission::Update,
            "delete" => Permission::Delete,
            "search-type" | "search-system" | "history-type" | "history-system" => Permission::Search,
            _ => return None,
        })
    }
}

/// A set of permission letters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Permissions(u8);

impl Permissions {
    /// `read` = rs, `write` = cud, `*` = cruds: the three SMART v1 permissions.
    pub fn of_v1(text: &str) -> Option<Permissions> {
        match text {
            "read" => Permissions::of_letters("rs"),
            "write" => Permissions::of_letters("cud"),
            "*" => Permissions::of_letters("cruds"),
            _ => None,
        }
    }

    /// Reads letters in any order and number; `None` for another character or for none at all.
    pub fn of_letters(text: &str) -> Option<Permissions> {
        let mut set = Permissions::default();
        for c in text.chars() {
            set = set.with(Permission::ALL.into_iter().find(|p| p.letter() == c)?);
        }
        (!set.is_empty()).then_some(set)
    }

    pub fn of(permission: Permission) -> Permissions {
        Permissions(1 << permission as u8)
    }

    pub fn with(self, permission: Permission) -> Permissions {
        Permissions(self.0 | Permissions::of(permission).0)
    }

    pub fn union(self, other: Permissions) -> Permissions {
        Permissions(self.0 | other.0)
    }

    pub fn without(self, other: Permissions) -> Permissions {
        Permissions(self.0 & !other.0)
    }

    pub fn common(self, other: Permissions) -> Permissions {
        Permissions(self.0 & other.0)
    }

    pub fn contains(self, permission: Permission) -> bool {
        self.0 & Permissions::of(permission).0 != 0
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// The letters, in the order c, r, u, d, s.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.into_iter().filter(move |p| self.contains(*p))
    }

    /// The v1 permissions whose union is the smallest that holds this set, and whether it is larger than this set.
    pub fn broadened_to_v1(self) -> (Permissions, bool) {
        let (read, write) = (Permissions(0b10010), Permissions(0b01101));
        let mut wide = Permissions::default();
        for part in [read, write] {
            if !self.common(part).is_empty() {
                wide = wide.union(part);
            }
        }
        (wide, wide != self)
    }
}

impl fmt::Display for Permissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.iter().try_for_each(|p| write!(f, "{}", p.letter()))
    }
}
