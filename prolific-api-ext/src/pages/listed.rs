/// The [`Pages`](super::Pages) of an operation that a resource lists with. What is captured is
/// cloned for each call, which is made as the page that is asked for wants it.
macro_rules! listed {
    (
        $resource:expr, $operation:literal, $paging:expr, [$($captured:ident),*],
        |$api:ident, $page:ident| $call:expr
    ) => {{
        $( let $captured = $captured.clone(); )*
        $crate::pages::Pages::new(
            &$resource.prolific,
            $operation,
            $paging,
            move |prolific, $page| {
                $( let $captured = $captured.clone(); )*
                async move {
                    let $api = prolific.api();
                    $call.send().await
                }
            },
            Ok,
        )
    }};
}

pub(crate) use listed;
