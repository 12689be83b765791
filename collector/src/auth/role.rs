//! What a member may do on a site.

use std::fmt;

/// What somebody is on a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Runs the site: keys, origins, team, and everything else.
    Owner,
    /// Writes and publishes prompts and journeys.
    Marketer,
    /// Looks after customers.
    Csm,
    /// Reads.
    Viewer,
}

/// What a page or an action takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum May {
    /// Reading what the site knows.
    See,
    /// Writing and publishing prompts, journeys, looks.
    Publish,
    /// Acting for a customer.
    Care,
    /// Noting something about what customers said.
    Note,
    /// Who may send, keys, the team.
    Run,
}

impl Role {
    /// All of them, the most powerful first.
    pub const ALL: [Role; 4] = [Role::Owner, Role::Marketer, Role::Csm, Role::Viewer];

    /// Whether this role is enough.
    pub fn may(self, what: May) -> bool {
        match what {
            May::See => true,
            May::Publish => matches!(self, Role::Owner | Role::Marketer),
            May::Care => matches!(self, Role::Owner | Role::Csm),
            May::Note => self.may(May::Publish) || self.may(May::Care),
            May::Run => self == Role::Owner,
        }
    }

    /// The role of a name in the database.
    pub fn parse(name: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.name() == name)
    }

    /// Its name in the database and in forms.
    pub fn name(self) -> &'static str {
        match self {
            Role::Owner => "owner",
            Role::Marketer => "marketer",
            Role::Csm => "csm",
            Role::Viewer => "viewer",
        }
    }

    /// What people call it.
    pub fn word(self) -> &'static str {
        match self {
            Role::Owner => "Owner",
            Role::Marketer => "Marketer",
            Role::Csm => "Customer success",
            Role::Viewer => "Viewer",
        }
    }

    /// What it is for, in a sentence.
    pub fn meaning(self) -> &'static str {
        match self {
            Role::Owner => "Runs the site: who may send, keys, the team, and all that the others may.",
            Role::Marketer => "Writes, publishes and pauses prompts, and changes the journey and the look.",
            Role::Csm => "Sees customers, and sorts what they said.",
            Role::Viewer => "Reads everything but keys and the activity log, and changes nothing.",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_may_what_it_is_for() {
        let may = |role: Role| [May::See, May::Publish, May::Care, May::Note, May::Run].map(|what| role.may(what));
        for (role, expected) in [
            (Role::Owner, [true, true, true, true, true]),
            (Role::Marketer, [true, true, false, true, false]),
            (Role::Csm, [true, false, true, true, false]),
            (Role::Viewer, [true, false, false, false, false]),
        ] {
            assert_eq!(may(role), expected, "{role}");
            assert_eq!(Role::parse(role.name()), Some(role));
        }
        assert_eq!(Role::parse("admin"), None);
    }
}
