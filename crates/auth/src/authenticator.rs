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

/// One way to authenticate a request, with its credentials: it sets headers, and can check those it sets.
#[derive(Clone)]
pub struct Authenticator(Scheme);

#[derive(Clone)]
enum Scheme {
    Signature(Box<Signer>),
    /// Everything else is one header whose value never changes.
    Header {
        scheme: &'static str,
        name: HeaderName,
        value: HeaderValue,
    },
}

impl Authenticator {
    /// Signs each request.
    pub fn signature(signer: Signer) -> Self {
        Self(Scheme::Signature(Box::new(signer)))
    }

    /// `Authorization: Bearer <token>` of RFC 6750.
    ///
    /// # Errors
    ///
    /// If the token is not of the form `1*(ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/") *"="`.
    pub fn bearer(token: Secret) -> Result<Self, CredentialError> {
        let error = |problem| CredentialError::new("bearer token", problem);
        check_bearer(&token).map_err(error)?;
        Self::secret_header("bearer", AUTHORIZATION, &["Bearer ", token.expose()]).map_err(error)
    }

    /// `Authorization: Basic <base64 of user:password>` of RFC 7617, in UTF-8. The password may be empty.
    ///
    /// # Errors
    ///
    /// If the user name is empty or holds a colon; if either has white space around it or holds a control character.
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

    /// A key in a header: verbatim with the template `{key}`, or with literal text around it, as in `Basic {key}`.
    ///
    /// A key that already starts with that text, in whatever case, does not get it twice.
    ///
    /// # Errors
    ///
    /// If the name is no header name, the template has not exactly one `{key}`, or the key is empty, has white space around it
    /// or holds anything but visible ASCII and space.
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

    /// A header with a value that is no secret and needs no credential.
    ///
    /// # Errors
    ///
    /// If the name is no header name, or the value is empty, has white space around it or holds anything but visible ASCII
    /// and space.
    pub fn constant(name: &str, value: &str) -> Result<Self, CredentialError> {
        let error = |problem| CredentialError::new(format!("value of the header {name}"), problem);
        let name = header_name(name).map_err(error)?;
        check_header_text(&Secret::new(value)).map_err(error)?;
        let value =
            HeaderValue::from_str(value).map_err(|_| error(CredentialProblem::NotVisibleAscii))?;
        Ok(Self(Scheme::Header {
            scheme: "constant",
            name,
            value,
        }))
    }

    /// Sets the headers for a request that is sent `now`, in the place of any that have their names.
    ///
    /// Values with a secret are marked sensitive.
    ///
    /// # Errors
    ///
    /// See [`AuthError`]; `headers` is then as it was. Only a signature can fail for another reason than too many headers.
    pub fn authenticate(
        &self,
        input: &SigningInput<'_>,
        now: SystemTime,
        headers: &mut HeaderMap,
    ) -> Result<(), AuthError> {
        match &self.0 {
            Scheme::Signature(signer) => signer.sign(input, now, headers),
            Scheme::Header { name, value, .. } => insert_all(headers, vec![(name, value.clone())]),
        }
    }

    /// Checks on the receiver's side that a request that arrives `now` carries what
    /// [`authenticate`](Self::authenticate) sets, comparing in constant time.
    ///
    /// # Errors
    ///
    /// The first check that failed; for a signature see [`Verifier::verify`](crate::Verifier::verify).
    pub fn verify(
        &self,
        input: &SigningInput<'_>,
        headers: &HeaderMap,
        now: SystemTime,
    ) -> Result<(), VerifyError> {
        match &self.0 {
            Scheme::Signature(signer) => verify_one(signer, input, headers, now),
            Scheme::Header { name, value, .. } => {
                let given = single(headers, name)?;
                if bool::from(given.as_bytes().ct_eq(value.as_bytes())) {
                    Ok(())
                } else {
                    Err(VerifyError::ValueMismatch(name.clone()))
                }
            }
        }
    }

    /// Whether a [`SigningInput`] must bring a nonce.
    pub fn needs_nonce(&self) -> bool {
        match &self.0 {
            Scheme::Signature(signer) => signer.recipe().needs_nonce(),
            Scheme::Header { .. } => false,
        }
    }

    /// The names of the headers it sets.
    pub fn header_names(&self) -> Vec<&HeaderName> {
        match &self.0 {
            Scheme::Signature(signer) => signer.recipe().header_names().collect(),
            Scheme::Header { name, .. } => vec![name],
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
        Ok(Self(Scheme::Header {
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
            Scheme::Signature(signer) => out.field("scheme", &"signature").field("signer", signer),
            Scheme::Header { scheme, name, .. } => {
                out.field("scheme", scheme).field("header", name)
            }
        };
        out.finish_non_exhaustive()
    }
}

fn header_name(name: &str) -> Result<HeaderName, CredentialProblem> {
    HeaderName::from_bytes(name.as_bytes()).map_err(|_| CredentialProblem::InvalidHeaderName)
}

/// The literal text before and after the one `{key}`.
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
