import { signOut, signUp, useUser } from './session';

export function Account() {
  const user = useUser();
  if (!user) return <SignUp />;
  return (
    <>
      <h1>{user.account.name}</h1>
      <dl>
        <dt>E-mail</dt><dd>{user.email}</dd>
        <dt>Workspace</dt><dd data-account-id>{user.account.id}</dd>
      </dl>
      <button type="button" onClick={signOut}>Log out</button>
    </>
  );
}

function SignUp() {
  return (
    <>
      <h1>Open a workspace</h1>
      <form
        data-sign-up
        onSubmit={(event) => {
          event.preventDefault();
          const form = new FormData(event.currentTarget);
          signUp(String(form.get('email')).trim(), String(form.get('company')).trim());
        }}
      >
        <label htmlFor="email">Work e-mail</label>
        <input id="email" name="email" type="email" autoComplete="email" required />
        <label htmlFor="company">Company</label>
        <input id="company" name="company" autoComplete="organization" required />
        <button type="submit">Sign up</button>
      </form>
    </>
  );
}
