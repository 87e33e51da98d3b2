/// The [`Pages`](super::Pages) of an operation that a resource lists with. What is captured is
/// cloned for each call, which is made as the page that is asked for wants it.
macro_rules! listed {
    ($resource:ident, $($list:tt)+) => {
        $crate::pages::listed!(of &$resource.prolific, $($list)+)
    };
    (
        of $prolific:expr, $operation:expr, $paging:expr, [$($captured:ident),*],
        |$api:ident, $page:ident| $call:expr
    ) => {{
        $( let $captured = $captured.clone(); )*
        $crate::pages::Pages::new(
            $prolific,
            $operation,
            $paging,
            move |prolific, $page| {
                $( let $captured = $captured.clone(); )*
                async move {
                    let $api = prolific.api();
                    $call.send().await
                }
            },
            $crate::model::row,
        )
    }};
}

/// Asks for pages of a size, where the caller said one.
macro_rules! sized {
    ($call:expr, $page:ident) => {{
        let call = $call;
        match $page.page_size {
            Some(size) => call.limit(size),
            None => call,
        }
    }};
}

pub(crate) use {listed, sized};
