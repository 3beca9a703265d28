//! Names of what is on the engine, ours or not.

use super::{Docker, EngineError};
use bollard::query_parameters::{ListImagesOptionsBuilder, ListNetworksOptionsBuilder};
use std::collections::HashMap;

impl Docker {
    /// The references of all images.
    pub async fn references(&self) -> Result<Vec<String>, EngineError> {
        // Those without a reference would be most of the answer.
        let named = HashMap::from([("dangling".to_owned(), vec!["false".to_owned()])]);
        let options = ListImagesOptionsBuilder::new().filters(&named).build();
        let found = self.client.list_images(Some(options)).await?;
        let tags = found.into_iter().flat_map(|image| image.repo_tags);
        let mut tags: Vec<String> = tags.filter(|tag| tag != "<none>:<none>").collect();
        tags.sort();
        Ok(tags)
    }

    /// The names of all networks.
    pub async fn network_names(&self) -> Result<Vec<String>, EngineError> {
        let options = ListNetworksOptionsBuilder::new().build();
        let found = self.client.list_networks(Some(options)).await?;
        let names = found.into_iter().filter_map(|network| network.name);
        let mut names: Vec<String> = names.collect();
        names.sort();
        Ok(names)
    }
}
