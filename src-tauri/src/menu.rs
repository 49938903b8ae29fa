//! The menu bar of macOS, as the page describes it. Its own lines tell the page which command was
//! chosen; what the system does itself (copying above all) stays the system's.

use anjuan_protocol::{MenuEntry, SetMenuRequest};
use tauri::menu::{Menu, MenuItemBuilder, PredefinedMenuItem, Submenu};
use tauri::{AppHandle, Wry};

/// Builds the menu bar anew.
pub(crate) fn set(handle: &AppHandle, request: &SetMenuRequest) -> tauri::Result<()> {
    let bar = Menu::new(handle)?;
    for group in &request.menus {
        let menu = Submenu::new(handle, &group.title, true)?;
        for entry in &group.items {
            append(handle, &menu, entry)?;
        }
        bar.append(&menu)?;
    }
    handle.set_menu(bar).map(drop)
}

fn append(handle: &AppHandle, menu: &Submenu<Wry>, entry: &MenuEntry) -> tauri::Result<()> {
    match entry {
        MenuEntry::Command { id, label, shortcut, enabled } => {
            let mut item = MenuItemBuilder::with_id(id, label).enabled(*enabled);
            if let Some(shortcut) = shortcut {
                item = item.accelerator(shortcut);
            }
            menu.append(&item.build(handle)?)
        }
        MenuEntry::System { role, label } => {
            let label = Some(label.as_str());
            let item = match role.as_str() {
                "cut" => PredefinedMenuItem::cut(handle, label)?,
                "copy" => PredefinedMenuItem::copy(handle, label)?,
                "paste" => PredefinedMenuItem::paste(handle, label)?,
                "minimize" => PredefinedMenuItem::minimize(handle, label)?,
                "fullscreen" => PredefinedMenuItem::fullscreen(handle, label)?,
                "hide" => PredefinedMenuItem::hide(handle, label)?,
                "quit" => PredefinedMenuItem::quit(handle, label)?,
                "about" => PredefinedMenuItem::about(handle, label, None)?,
                // A page that is newer than the shell may know more.
                _ => return Ok(()),
            };
            menu.append(&item)
        }
        MenuEntry::Separator => menu.append(&PredefinedMenuItem::separator(handle)?),
    }
}
