use crate::{
    AuthError, CredentialError, CredentialProblem, Secret, Signer, SigningInput, VerifyError,
    credential::{check_bearer, check_header_text, check_text, is_visible},
    signer::insert_all,
    template::{Piece, split},
    verifier::{single, verify_one},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderName, HeaderValue, header::AUTHORIZATION};
use std::{fmt, time::SystemTime};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

/// An authentication method with its credentials: sets the headers of a request and verifies the headers it sets.
#[derive(Clone)]
pub struct Authenticator(AuthMethod);

#[derive(Clone)]
enum AuthMethod {
    Signature(Box<Signer>),
    /// All other methods are one header with a constant value.
    Header {
        scheme: &'static str,
        name: HeaderName,
        value: HeaderValue,
    },
}

impl Authenticator {
    /// Signs every request with `signer`.
    pub fn signature(signer: Signer) -> Self {
        Self(AuthMethod::Signature(Box::new(signer)))
    }

    /// Sends `Authorization: Bearer <token>` (RFC 6750).
    ///
    /// # Errors
    ///
    /// The token does not have the form `1*(ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/") *"="`.
    pub fn bearer(token: Secret) -> Result<Self, CredentialError> {
        let error = |problem| CredentialError::new("bearer token", problem);
        check_bearer(&token).map_err(error)?;
        Self::secret_header("bearer", AUTHORIZATION, &["Bearer ", token.expose()]).map_err(error)
    }

    /// Sends `Authorization: Basic <base64 of user:password>` (RFC 7617), in UTF-8. The password may be empty.
    ///
    /// # Errors
    ///
    /// The user name is empty or contains a colon, or either value has surrounding white space or contains a control
    /// character.
    pub fn basic(user: Secret, password: Secret) -> Result<Self, CredentialError> {
        let user_error = |problem| CredentialError::new("user name", problem);
        check_text(&user).map_err(user_error)?;
        if user.expose().contains(':') {
            return Err(user_error(CredentialProblem::ColonInUserName));
        }
        let error = |problem| CredentialError::new("password", problem);
        match check_text(&password) {
            Ok(()) | Err(CredentialProblem::Empty) => {}
            Err(problem) => return Err(error(problem)),
        }
        let pair = Zeroizing::new([user.expose(), ":", password.expose()].concat());
        let encoded = Zeroizing::new(STANDARD.encode(pair.as_bytes()));
        Self::secret_header("basic", AUTHORIZATION, &["Basic ", &encoded]).map_err(error)
    }

    /// Sends a key in a header: verbatim with the template `{key}`, or surrounded by literal text as in `Basic {key}`.
    ///
    /// The literal prefix is not repeated for a key that already starts with it, compared without case.
    ///
    /// # Errors
    ///
    /// The name is not a header name, the template does not contain exactly one `{key}`, or the key is empty, has
    /// surrounding white space or contains anything but visible ASCII and space.
    pub fn header(name: &str, template: &str, key: Secret) -> Result<Self, CredentialError> {
        let error = |problem| CredentialError::new(format!("value of the header {name}"), problem);
        let header = header_name(name).map_err(error)?;
        let (prefix, suffix) = around_key(template).map_err(error)?;
        check_header_text(&key).map_err(error)?;
        let key = key.expose();
        let key = match key.split_at_checked(prefix.len()) {
            Some((start, rest)) if start.eq_ignore_ascii_case(prefix) => rest,
            _ => key,
        };
        if key.is_empty() {
            return Err(error(CredentialProblem::Empty));
        }
        Self::secret_header("header", header, &[prefix, key, suffix]).map_err(error)
    }

    /// Sends a constant, non-secret header that needs no credential.
    ///
    /// # Errors
    ///
    /// The name is not a header name, or the value is empty, has surrounding white space or contains anything but visible
    /// ASCII and space.
    pub fn constant(name: &str, value: &str) -> Result<Self, CredentialError> {
        let error = |problem| CredentialError::new(format!("value of the header {name}"), problem);
        let name = header_name(name).map_err(error)?;
        check_header_text(&Secret::new(value)).map_err(error)?;
        let value =
            HeaderValue::from_str(value).map_err(|_| error(CredentialProblem::NotVisibleAscii))?;
        Ok(Self(AuthMethod::Header {
            scheme: "constant",
            name,
            value,
        }))
    }

    /// Sets the authentication headers of a request sent at `now`, replacing headers of the same names.
    ///
    /// Values that contain a secret are marked sensitive.
    ///
    /// # Errors
    ///
    /// See [`AuthError`]. `headers` is unchanged on an error. Methods other than a signature fail only with
    /// [`AuthError::TooManyHeaders`].
    pub fn authenticate(
        &self,
        input: &SigningInput<'_>,
        now: SystemTime,
        headers: &mut HeaderMap,
    ) -> Result<(), AuthError> {
        match &self.0 {
            AuthMethod::Signature(signer) => signer.sign(input, now, headers),
            AuthMethod::Header { name, value, .. } => {
                insert_all(headers, vec![(name, value.clone())])
            }
        }
    }

    /// Verifies, on the receiving side, that a request received at `now` carries the headers that
    /// [`authenticate`](Self::authenticate) sets. Comparison takes constant time.
    ///
    /// # Errors
    ///
    /// The first check that fails. For a signature, see [`Verifier::verify`](crate::Verifier::verify).
    pub fn verify(
        &self,
        input: &SigningInput<'_>,
        headers: &HeaderMap,
        now: SystemTime,
    ) -> Result<(), VerifyError> {
        match &self.0 {
            AuthMethod::Signature(signer) => verify_one(signer, input, headers, now),
            AuthMethod::Header { name, value, .. } => {
                let given = single(headers, name)?;
                if bool::from(given.as_bytes().ct_eq(value.as_bytes())) {
                    Ok(())
                } else {
                    Err(VerifyError::ValueMismatch(name.clone()))
                }
            }
        }
    }

    /// Returns whether [`SigningInput::nonce`] is required.
    pub fn needs_nonce(&self) -> bool {
        match &self.0 {
            AuthMethod::Signature(signer) => signer.recipe().needs_nonce(),
            AuthMethod::Header { .. } => false,
        }
    }

    /// The names of the headers that [`authenticate`](Self::authenticate) sets.
    pub fn header_names(&self) -> Vec<&HeaderName> {
        match &self.0 {
            AuthMethod::Signature(signer) => signer.recipe().header_names().collect(),
            AuthMethod::Header { name, .. } => vec![name],
        }
    }

    fn secret_header(
        scheme: &'static str,
        name: HeaderName,
        value: &[&str],
    ) -> Result<Self, CredentialProblem> {
        let mut value = HeaderValue::try_from(value.concat())
            .map_err(|_| CredentialProblem::NotVisibleAscii)?;
        value.set_sensitive(true);
        Ok(Self(AuthMethod::Header {
            scheme,
            name,
            value,
        }))
    }
}

impl fmt::Debug for Authenticator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Authenticator");
        match &self.0 {
            AuthMethod::Signature(signer) => {
                out.field("scheme", &"signature").field("signer", signer)
            }
            AuthMethod::Header { scheme, name, .. } => {
                out.field("scheme", scheme).field("header", name)
            }
        };
        out.finish_non_exhaustive()
    }
}

fn header_name(name: &str) -> Result<HeaderName, CredentialProblem> {
    HeaderName::from_bytes(name.as_bytes()).map_err(|_| CredentialProblem::InvalidHeaderName)
}

/// The literal text before and after the single `{key}`.
fn around_key(template: &str) -> Result<(&str, &str), CredentialProblem> {
    let pieces = split(template).unwrap_or_default();
    let (prefix, suffix) = match pieces.as_slice() {
        [Piece::Placeholder("key")] => ("", ""),
        [Piece::Text(prefix), Piece::Placeholder("key")] => (*prefix, ""),
        [Piece::Placeholder("key"), Piece::Text(suffix)] => ("", *suffix),
        [
            Piece::Text(prefix),
            Piece::Placeholder("key"),
            Piece::Text(suffix),
        ] => (*prefix, *suffix),
        _ => return Err(CredentialProblem::InvalidTemplate),
    };
    if template.trim() != template || !is_visible(template) {
        return Err(CredentialProblem::InvalidTemplate);
    }
    Ok((prefix, suffix))
}
