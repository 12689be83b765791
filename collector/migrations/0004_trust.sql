-- Who says what of whom, and who brought whom.

-- A member of an account, apart by who said so: where a server has, what browsers say from then on decides nothing.
create table membership_by_word (
  site_id text not null,
  member text not null,                     -- `p:<user id>`, or `v:<visitor>` while nobody has identified it
  account_id text not null,
  trusted bigint not null,                  -- 1: a server with the secret key said so; 0: a browser claims it
  at bigint not null,                       -- since when: the earliest we know of
  primary key (site_id, member, account_id, trusted)
);

insert into membership_by_word (site_id, member, account_id, trusted, at)
select site_id, subject, account_id, 1, min(at) from event
where account_id is not null and origin <> 'web' and substr(subject, 1, 2) = 'p:'
group by site_id, subject, account_id;

-- Whatever servers have not said since then is a claim.
insert into membership_by_word (site_id, member, account_id, trusted, at)
select m.site_id, m.member, m.account_id, 0, m.at from membership m
where not exists (
  select 1 from membership_by_word t
  where t.site_id = m.site_id and t.member = m.member and t.account_id = m.account_id and t.at <= m.at
);

drop table membership;
alter table membership_by_word rename to membership;
create index membership_of_account on membership (site_id, account_id);

-- In `trait`, the column `trusted` tells two more kinds of claim from now on: -1, somebody who is known answered a prompt; -2, somebody
-- did of whom it was not known yet.

-- Whose event it is and who says a trait is told in another way now: everybody is folded anew, a slice at a time.
update journey_state set fingerprint = -1;

-- The code in the link that a person passes on.
create table referral_code (
  site_id text not null,
  code text not null,                       -- a keyed hash of the subject: nobody can guess another one's
  subject text not null,                    -- `p:<user id>`, or `v:<visitor>` while nobody has identified it
  primary key (site_id, code)
);

-- A visitor came by somebody's link.
create table referral (
  site_id text not null,
  visitor text not null,
  code text not null,
  at bigint not null,                       -- when it came: of two links the earlier one counts
  event_id text not null,                   -- the page view
  primary key (site_id, visitor)
);
