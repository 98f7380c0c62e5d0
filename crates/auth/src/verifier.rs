use crate::{
    AuthError, CredentialError, Recipe, Secret, Signer, SigningInput, VerifyError, headers::Slots,
};
use http::{HeaderMap, HeaderName};
use std::{slice, sync::Arc, time::SystemTime};
use subtle::{Choice, ConstantTimeEq as _};

/// Verifies signatures on the receiving side of a [`Signer`].
///
/// It is stateless and does not detect replayed requests or nonces.
#[derive(Clone, Debug)]
pub struct Verifier {
    /// One for each accepted pair of credentials, all with the same recipe; never empty.
    signers: Vec<Signer>,
}

impl Verifier {
    /// Creates a verifier that accepts requests signed with this recipe and pair of credentials.
    ///
    /// # Errors
    ///
    /// See [`Signer::new`].
    pub fn new(recipe: Arc<Recipe>, key: Secret, secret: Secret) -> Result<Self, CredentialError> {
        Signer::new(recipe, key, secret).map(Self::from)
    }

    /// Accepts a further pair of credentials, for example during rotation.
    ///
    /// # Errors
    ///
    /// See [`Signer::new`].
    pub fn with_credentials(
        mut self,
        key: Secret,
        secret: Secret,
    ) -> Result<Self, CredentialError> {
        if let Some(first) = self.signers.first() {
            self.signers
                .push(first.with_other_credentials(key, secret)?);
        }
        Ok(self)
    }

    /// Verifies a request received at `now`: each header occurs once and is well formed, the timestamp is within the
    /// tolerance, the key is known and the signature matches. Keys and signatures are compared in constant time.
    ///
    /// The nonce is read from `headers`; the one in `input` is ignored.
    ///
    /// # Errors
    ///
    /// The first check that fails.
    pub fn verify(
        &self,
        input: &SigningInput<'_>,
        headers: &HeaderMap,
        now: SystemTime,
    ) -> Result<(), VerifyError> {
        verify(&self.signers, input, headers, now)
    }
}

impl From<Signer> for Verifier {
    /// Accepts the requests that this signer signs.
    fn from(signer: Signer) -> Self {
        Self {
            signers: vec![signer],
        }
    }
}

/// Verifies against one signer.
pub(crate) fn verify_one(
    signer: &Signer,
    input: &SigningInput<'_>,
    headers: &HeaderMap,
    now: SystemTime,
) -> Result<(), VerifyError> {
    verify(slice::from_ref(signer), input, headers, now)
}

/// The signers share one recipe.
fn verify(
    signers: &[Signer],
    input: &SigningInput<'_>,
    headers: &HeaderMap,
    now: SystemTime,
) -> Result<(), VerifyError> {
    let Some(recipe) = signers.first().map(Signer::recipe) else {
        return Err(VerifyError::UnknownKey);
    };
    let mut given = Slots::default();
    for template in &recipe.headers {
        let value = single(headers, &template.name)?;
        template
            .capture(value, &mut given)
            .ok_or_else(|| VerifyError::MalformedHeader(template.name.clone()))?;
    }
    check_time(recipe, given.timestamp, now)?;
    let signature = given
        .signature
        .and_then(|text| recipe.encoding.decode(text))
        .ok_or(VerifyError::MalformedSignature)?;
    let (timestamp, nonce) = (
        given.timestamp.unwrap_or_default(),
        given.nonce.unwrap_or_default(),
    );

    // Every pair is tried, so that the time taken does not reveal which one matched.
    let (mut known, mut accepted) = (Choice::from(0), Choice::from(0));
    for signer in signers {
        let key_fits = match given.key {
            Some(key) => key.as_bytes().ct_eq(signer.key().expose().as_bytes()),
            None => Choice::from(1),
        };
        let tag = signer
            .tag(input, timestamp.as_bytes(), nonce, headers)
            .map_err(unverifiable)?;
        known |= key_fits;
        accepted |= key_fits & tag.ct_eq(&signature);
    }
    match (bool::from(known), bool::from(accepted)) {
        (_, true) => Ok(()),
        (true, false) => Err(VerifyError::SignatureMismatch),
        (false, false) => Err(VerifyError::UnknownKey),
    }
}

fn check_time(
    recipe: &Recipe,
    timestamp: Option<&str>,
    now: SystemTime,
) -> Result<(), VerifyError> {
    let Some(text) = timestamp else { return Ok(()) };
    let sent = recipe
        .timestamp
        .read(text)
        .ok_or(VerifyError::MalformedTimestamp)?;
    match now.duration_since(sent) {
        Ok(age) if age > recipe.tolerance() => Err(VerifyError::TimestampTooOld),
        Err(ahead) if ahead.duration() > recipe.tolerance() => Err(VerifyError::TimestampTooNew),
        _ => Ok(()),
    }
}

/// The single value of a header, as text.
pub(crate) fn single<'a>(
    headers: &'a HeaderMap,
    name: &HeaderName,
) -> Result<&'a str, VerifyError> {
    let mut values = headers.get_all(name).iter();
    let value = values
        .next()
        .ok_or_else(|| VerifyError::MissingHeader(name.clone()))?;
    if values.next().is_some() {
        return Err(VerifyError::DuplicateHeader(name.clone()));
    }
    value
        .to_str()
        .map_err(|_| VerifyError::MalformedHeader(name.clone()))
}

/// The verification error for a request that could not be signed.
fn unverifiable(error: AuthError) -> VerifyError {
    match error {
        AuthError::MissingHeader(name) => VerifyError::MissingHeader(name),
        AuthError::DuplicateHeader(name) => VerifyError::DuplicateHeader(name),
        AuthError::InvalidInput(part) => VerifyError::InvalidInput(part),
        AuthError::PathNotRewritten => VerifyError::PathNotRewritten,
        // Verifying neither formats the time, nor reads a nonce from the input, nor sets headers.
        AuthError::TimeOutOfRange
        | AuthError::MissingNonce
        | AuthError::InvalidNonce
        | AuthError::TooManyHeaders => VerifyError::SignatureMismatch,
    }
}
