//! Says how a module is linked that finds the interpreter's symbols once it is loaded.

fn main() {
    pyo3_build_config::add_extension_module_link_args();
}
