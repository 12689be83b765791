-- What lots are drawn from, and where to find those that were drawn.

-- A secret of each site. Who sees what of a prompt follows from it and from who they are, so nobody can choose theirs.
create table site_salt (
  site_id text not null primary key references site (id),
  salt text not null                        -- 43 random letters and digits; made once, or everybody would draw anew
);

-- What was drawn for a visitor or a person.
create index event_drawn on event (site_id, subject, at) where action = 'eligible';
