//! Makes one permission for each command of the protocol's table.

fn main() {
    // The page is built by its own tools; a missing folder must not break `cargo check`.
    let _ = std::fs::create_dir_all("../ui/dist");
    let manifest = tauri_build::AppManifest::new().commands(anjuan_protocol::NAMES);
    if let Err(error) =
        tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest))
    {
        eprintln!("{error:#}");
        std::process::exit(1);
    }
}
