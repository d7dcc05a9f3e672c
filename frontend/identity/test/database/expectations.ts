//! Who may do what, table by table. What is not listed must have no effect; a table that is not listed fails the tests.

/** Beside anonymous users and the secret key: a member of another organization, and each role of this one. */
export const SUBJECTS = ['anon', 'service_role', 'outsider', 'viewer', 'member', 'admin', 'owner'] as const
export type Subject = (typeof SUBJECTS)[number]

const MEMBERS: Subject[] = ['viewer', 'member', 'admin', 'owner']
const ADMINS: Subject[] = ['admin', 'owner']

interface Expectation {
  /** Rows of a colleague (`:person`) in this organization (`:organization`), of whom nobody here is. */
  where: string
  /** An insert that would succeed if it were allowed. */
  insert: string
  read: Subject[]
  /** Columns that nobody reads, whoever reads the rest. */
  hidden?: string[]
  write: Subject[]
  /** By column. */
  change: Record<string, Subject[]>
  /** By column, of one's own row. */
  changeOwn?: Record<string, Subject[]>
  remove: Subject[]
}

export const TABLES: Record<string, Expectation> = {
  people: {
    where: 'id = :person',
    insert: `insert into people (id, email) values (:person, 'x@example.com') on conflict (id) do update set email = 'x@example.com'`,
    read: ['service_role', ...MEMBERS],
    write: [],
    change: {},
    changeOwn: { full_name: ['outsider', ...MEMBERS], active_organization: ['outsider', ...MEMBERS] },
    remove: [],
  },
  organizations: {
    where: 'slug = :organization',
    insert: `insert into organizations values ('mine', 'Mine', null, 'enterprise', 'ACTIVE', 1000, 1)`,
    read: ['service_role', ...MEMBERS],
    write: [],
    change: {},
    remove: [],
  },
  organization_members: {
    where: 'person = :person and organization = :organization',
    insert: `insert into organization_members values (:stranger, :organization, 'viewer')`,
    read: ['service_role', ...MEMBERS],
    write: [],
    change: { role: ['owner'] },
    changeOwn: { role: ['owner'] },
    remove: ['owner'],
  },
  organization_invites: {
    where: 'organization = :organization',
    insert: `insert into organization_invites (organization, email, role, token_hash) values (:organization, 'x@example.com', 'admin', '1')`,
    read: ['service_role', ...ADMINS],
    hidden: ['token_hash'],
    write: [],
    change: {},
    remove: [],
  },
  people_audit: {
    where: 'organization = :organization',
    insert: `insert into people_audit (organization, action, actor_kind) values (:organization, 'forged', 'person')`,
    read: ['service_role', ...ADMINS],
    write: [],
    change: {},
    remove: [],
  },
}

/** Functions in `public` and `private` that these roles of the database may call; everything else nobody may. */
export const FUNCTIONS: Record<string, string[]> = {
  'private.access_token_hook': ['supabase_auth_admin'],
  'private.my_organizations': ['authenticated'],
  'private.people_beside_me': ['authenticated'],
  'public.accept_invite': ['authenticated'],
  'public.create_invite': ['authenticated'],
  'public.mirror_organization': ['service_role'],
  'public.preview_invite': ['authenticated'],
  'public.register_organization': ['service_role'],
  'public.revoke_invite': ['authenticated'],
}
