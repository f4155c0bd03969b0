//! A target that speaks S3. How it is reached is handed in: nothing here opens a connection or reads the environment.

use std::sync::Arc;
use std::time::Duration;

pub use object_store::Error as StoreError;
pub use object_store::client::{
    ClientOptions, HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpRequestBody,
    HttpResponse, HttpResponseBody, HttpService,
};

use object_store::aws::AmazonS3Builder;
use object_store::prefix::PrefixStore;
use object_store::{BackoffConfig, RetryConfig};

use super::BackupError;
use super::target::{Target, Wait, target};

/// How often one request is tried again.
const RETRIES_MAX: usize = 4;
/// How long all tries of one request may take.
const RETRY_PATIENCE: Duration = Duration::from_secs(120);
/// How long it rests between two, at first and at most.
const REST: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(10));

/// Which bucket, and as whom.
#[derive(Clone, Copy, Debug)]
pub struct S3Bucket<'a> {
    /// Scheme, host and port.
    pub endpoint: &'a str,
    /// What requests are signed for; many servers take any.
    pub region: &'a str,
    /// The bucket.
    pub bucket: &'a str,
    /// What comes before every name in it; may be empty.
    pub prefix: &'a str,
    /// As whom.
    pub key_id: &'a str,
}

impl Target {
    /// A bucket, reached by what `connector` makes.
    ///
    /// # Errors
    /// Where the settings make no sense.
    pub fn s3(
        bucket: S3Bucket<'_>,
        secret: &str,
        connector: impl HttpConnector,
        wait: Wait,
    ) -> Result<Self, BackupError> {
        let backoff = BackoffConfig { init_backoff: REST.0, max_backoff: REST.1, base: 2.0 };
        let store = AmazonS3Builder::new()
            .with_endpoint(bucket.endpoint)
            .with_region(bucket.region)
            .with_bucket_name(bucket.bucket)
            .with_access_key_id(bucket.key_id)
            .with_secret_access_key(secret)
            .with_virtual_hosted_style_request(false)
            .with_allow_http(bucket.endpoint.starts_with("http://"))
            .with_retry(RetryConfig { backoff, max_retries: RETRIES_MAX, retry_timeout: RETRY_PATIENCE })
            .with_http_connector(connector)
            .build()
            .map_err(|error| target(bucket.bucket, std::io::Error::other(error)))?;
        Ok(match bucket.prefix {
            "" => Self::over(Arc::new(store), wait),
            prefix => Self::over(Arc::new(PrefixStore::new(store, prefix)), wait),
        })
    }
}
