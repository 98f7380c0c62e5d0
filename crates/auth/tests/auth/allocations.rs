//! What signing takes from the heap.

use crate::common::{LIST, SENT, TEXT, at, signer};
use allocation_counter::measure;
use botroster_auth::{MAX_SIGNATURE_LEN, SigningInput};
use http::HeaderMap;

#[test]
fn a_signature_takes_nothing_from_the_heap() {
    let (signer, headers) = (signer(&TEXT), HeaderMap::new());
    for body in [0, 10, 1 << 20].map(|len| vec![b'x'; len]) {
        let input = SigningInput {
            body: &body,
            ..LIST
        };
        let mut out = [0; MAX_SIGNATURE_LEN];
        let taken = measure(|| {
            signer
                .signature_into(&input, at(SENT), &headers, &mut out)
                .unwrap();
        });
        assert_eq!(taken.count_total, 0, "a body of {} bytes", body.len());
    }
}

/// The list of the new values, the signature and the timestamp.
#[test]
fn signing_takes_three_pieces() {
    let (signer, mut headers) = (signer(&TEXT), HeaderMap::with_capacity(8));
    // What is the same for every request is shared from the first on.
    signer.sign(&LIST, at(SENT), &mut headers).unwrap();
    headers.clear();
    let taken = measure(|| signer.sign(&LIST, at(SENT), &mut headers).unwrap());
    assert_eq!(taken.count_total, 3);
}
