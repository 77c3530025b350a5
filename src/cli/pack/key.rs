//! `folio pack key`, and the passwords of keys.

use inquire::{Password, PasswordDisplayMode};

use super::{Done, Settings, broken, done};
use crate::cli::args::Key;
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Sink};
use crate::pack::sign;

pub(super) fn key(options: &Key, settings: &Settings) -> Done {
    let mut sink = Sink::new();
    match make(options, settings) {
        Ok(text) => done(text),
        Err(problem) => {
            sink.push(problem);
            broken(sink)
        }
    }
}

fn make(options: &Key, settings: &Settings) -> Result<String, Diagnostic> {
    let file = |ending: &str| options.out.join(format!("{}.{ending}", options.name));
    let (secret_file, public_file) = (file("key"), file("pub"));
    for path in [&secret_file, &public_file] {
        if settings.path(path).exists() {
            let message = format!("`{}` is there already", path.display());
            return Err(Diagnostic::fault(&codes::KEY, message)
                .help("a key that is overwritten is lost: choose another `--name`"));
        }
    }
    // A dry run asks for no password: the key that it makes is nobody's.
    let is_open = options.no_password || options.dry_run;
    let password = if is_open { None } else { Some(password(settings, true)?) };
    let (secret, public) = sign::new_key(password)?;
    // The public key can be had from the secret one, not the other way round.
    settings.write(&settings.path(&secret_file), secret.as_bytes(), true)?;
    settings.write(&settings.path(&public_file), public.as_bytes(), false)?;
    let (secret_file, public_file) = (secret_file.display(), public_file.display());
    let line = public.lines().nth(1).unwrap_or_default();
    Ok(format!(
        "{secret_file} signs; keep it to yourself, and a copy in a safe place.\n{public_file} verifies; give it to everybody: {line}\n"
    ))
}

/// The password of a secret key: FOLIO_KEY_PASSWORD, else what is typed at the terminal.
pub(in crate::cli) fn password(settings: &Settings, is_new: bool) -> Result<String, Diagnostic> {
    if let Some(password) = &settings.key_password {
        return Ok(password.clone());
    }
    let problem = |problem: String| Diagnostic::fault(&codes::KEY, problem).help("or set FOLIO_KEY_PASSWORD");
    if !settings.interactive {
        return Err(problem("the key needs a password, and there is no terminal to ask at".into()));
    }
    let prompt = Password::new("Password of the key:").with_display_mode(PasswordDisplayMode::Masked);
    let prompt = if is_new { prompt } else { prompt.without_confirmation() };
    prompt.prompt().map_err(|_| problem("no password was given".into()))
}
