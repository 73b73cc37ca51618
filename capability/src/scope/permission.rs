//! Permissions of a resource scope: the letters c, r, u, d, s
//! (<https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html>).

use std::fmt;

/// One permission letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    /// `c`: create.
    Create,
    /// `r`: read, vread and the history of an instance.
    Read,
    /// `u`: update and patch.
    Update,
    /// `d`: delete.
    Delete,
    /// `s`: search, and the history of a type or the system.
    Search,
}

impl Permission {
    /// All letters in their order.
    pub const ALL: [Permission; 5] =
        [Permission::Create, Permission::Read, Permission::Update, Permission::Delete, Permission::Search];

    /// The letter, as `c`.
    pub fn letter(self) -> char {
        match self {
            Permission::Create => 'c',
            Permission::Read => 'r',
            Permission::Update => 'u',
            Permission::Delete => 'd',
            Permission::Search => 's',
        }
    }

    /// The permission that an interaction needs, by its code; `None` for batch, transaction and unknown codes.
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
    /// The three SMART v1 permissions: `read` = rs, `write` = cud, `*` = cruds; `None` for any other text.
    pub fn of_v1(text: &str) -> Option<Permissions> {
        match text {
            "read" => Permissions::of_letters("rs"),
            "write" => Permissions::of_letters("cud"),
            "*" => Permissions::of_letters("cruds"),
            _ => None,
        }
    }

    /// Reads letters in any order and number; `None` for any other character, or for none at all.
    pub fn of_letters(text: &str) -> Option<Permissions> {
        let mut set = Permissions::default();
        for c in text.chars() {
            set = set.with(Permission::ALL.into_iter().find(|p| p.letter() == c)?);
        }
        (!set.is_empty()).then_some(set)
    }

    /// The set of one permission.
    pub fn of(permission: Permission) -> Permissions {
        Permissions(1 << permission as u8)
    }

    /// This set and one permission more.
    pub fn with(self, permission: Permission) -> Permissions {
        Permissions(self.0 | Permissions::of(permission).0)
    }

    /// The permissions of either set.
    pub fn union(self, other: Permissions) -> Permissions {
        Permissions(self.0 | other.0)
    }

    /// The permissions of this set that the other one lacks.
    pub fn without(self, other: Permissions) -> Permissions {
        Permissions(self.0 & !other.0)
    }

    /// The permissions of both sets.
    pub fn common(self, other: Permissions) -> Permissions {
        Permissions(self.0 & other.0)
    }

    /// True where the set has the permission.
    pub fn contains(self, permission: Permission) -> bool {
        self.0 & Permissions::of(permission).0 != 0
    }

    /// True where the set has no permission.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// How many permissions the set has, 0 to 5.
    pub fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// The permissions, in the order c, r, u, d, s.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.into_iter().filter(move |p| self.contains(*p))
    }

    /// The smallest union of v1 permissions that contains this set, and whether it is larger than this set.
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
