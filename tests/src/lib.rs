//! Contract tests over the workspace.
